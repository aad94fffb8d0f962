namespace Governance.Gateway;

/// <summary>A part of the buffer that could not be read at the start. What was in it is lost, unless the edge has it already.</summary>
/// <param name="File">Name of the file inside the folder.</param>
/// <param name="Offset">First byte that made no sense.</param>
/// <param name="Bytes">So many bytes were passed over.</param>
/// <param name="What">For people.</param>
public sealed record BufferDamage(string File, long Offset, long Bytes, string What);
