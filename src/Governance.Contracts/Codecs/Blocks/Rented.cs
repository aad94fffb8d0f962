using System.Buffers;

namespace Governance.Contracts.Codecs.Blocks;

/// <summary>Memory for a column, borrowed: a block's columns would otherwise be large objects, made anew for every block.</summary>
internal readonly struct Rented<T> : IDisposable
{
    private readonly T[] _array;
    private readonly int _length;

    internal Rented(int length) => (_array, _length) = (ArrayPool<T>.Shared.Rent(length), length);

    internal Span<T> Span => _array.AsSpan(0, _length);

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}

internal static class Rented
{
    internal static Rented<long> Longs(int length) => new(length);
}
