namespace Governance.Contracts.Codecs;

/// <summary>The bytes are no block that this build can read: cut short, damaged, or of a version that it does not know.</summary>
public sealed class LedgerBlockException : Exception
{
    public LedgerBlockException(string message) : base(message) { }

    public LedgerBlockException(string message, Exception cause) : base(message, cause) { }
}
