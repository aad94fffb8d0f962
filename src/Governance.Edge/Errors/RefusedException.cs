using Governance.Domain.Kernel;

namespace Governance.Edge.Errors;

/// <summary>Carries a named refusal up to the interceptor that tells it to the client.</summary>
public sealed class RefusedException(Refusal refusal) : Exception($"{refusal.Reason}: {refusal.Message}")
{
    public Refusal Refusal { get; } = refusal;

    public static RefusedException Invalid(string field, string reason, string message) =>
        new(new Refusal(reason, $"{field}: {message}", RefusalKind.Invalid).With("field", field));
}
