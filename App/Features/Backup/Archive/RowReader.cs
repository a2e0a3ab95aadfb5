using System.Buffers.Binary;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>
/// Takes rows apart that stand in PostgreSQL's binary COPY format (PostgreSQL documentation, COPY, "Tuples"): the number of fields
/// (2 bytes), each field as its length (4 bytes, -1 for null) and its bytes; -1 instead of a number of fields ends them.
/// </summary>
internal sealed class RowReader(ByteSource source)
{
    private readonly RowHash _hash = new();

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    public bool IsAtEnd { get; private set; }

    /// <summary>What was read so far, counted and hashed.</summary>
    public TableSummary Summarise(string table) => new(table, Rows, Bytes, _hash.ToString());

    /// <summary>Some whole rows, one behind the other, valid until the next call; empty behind the last.</summary>
    /// <exception cref="EndOfStreamException">The end is missing.</exception>
    /// <exception cref="InvalidDataException">These are no rows.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellation)
    {
        while (!IsAtEnd)
        {
            var available = source.Available;
            if (TakeWhole(available.Span) is > 0 and var taken)
            {
                source.Advance(taken);
                Bytes += taken;
                return available[..taken];
            }

            if (!IsAtEnd && !await source.FillAsync(cancellation)) throw new EndOfStreamException();
        }

        return ReadOnlyMemory<byte>.Empty;
    }

    private int TakeWhole(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (bytes.Length - taken >= 2)
        {
            var fields = BinaryPrimitives.ReadInt16BigEndian(bytes[taken..]);
            if (fields == -1)
            {
                // The rows before the mark are handed out first; then it stands alone.
                if (taken > 0) return taken;
                source.Advance(2);
                IsAtEnd = true;
                return 0;
            }

            if (fields < 0) throw new InvalidDataException("A row has a negative number of fields.");
            if (EndOf(bytes, taken + 2, fields) is not { } end) return taken;
            _hash.Add(bytes[taken..end]);
            Rows++;
            taken = end;
        }

        return taken;
    }

    private static int? EndOf(ReadOnlySpan<byte> bytes, int at, int fields)
    {
        for (var field = 0; field < fields; field++)
        {
            if (bytes.Length - at < 4) return null;
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            if (length < -1) throw new InvalidDataException("A field has a negative length.");
            at += 4;
            if (length > bytes.Length - at) return null;
            at += Math.Max(length, 0);
        }

        return at;
    }
}
