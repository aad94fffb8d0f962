namespace Governance.Node.Doctor;

/// <summary>One thing that a node needs. Leaves nothing behind; what it throws is a finding too.</summary>
internal interface ICheck
{
    string Name { get; }
    Task<IReadOnlyList<Finding>> RunAsync(DoctorSettings node, CancellationToken cancel);
}
