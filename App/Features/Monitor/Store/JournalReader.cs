using System.Buffers.Binary;
using System.Text;

namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>What a journal held.</summary>
/// <param name="DamagedRecords">Places where one or more records could not be read: each is the end of a write that a crash cut off, or a damaged disk.</param>
/// <param name="EndedInOrder">The last record says that the portal stopped.</param>
internal sealed record JournalContent(MinuteSamples Samples, int DamagedRecords, bool EndedInOrder);

/// <summary>Reads the samples back that <see cref="MetricJournal"/> wrote.</summary>
internal static class JournalReader
{
    public static JournalContent Read(string path, long start) => Read(File.ReadAllBytes(path), start);

    public static JournalContent Read(ReadOnlySpan<byte> file, long start)
    {
        var builder = new MinuteBuilder(start);
        List<(int Column, MinuteBuilder.Column Target)> columns = [];
        var (at, damages, ended) = (0, 0, false);
        while (true)
        {
            var damaged = false;
            var found = JournalFrame.TryNext(file, ref at, out var content, ref damaged);
            if (damaged) damages++;
            if (!found) return new JournalContent(builder.Build(), damages, ended && !damaged);
            ended = false;
            switch ((FrameKind)content[0])
            {
                case FrameKind.Columns: columns = Columns(content[1..].ToArray(), builder); break;
                case FrameKind.Samples: AddRows(content[1..], columns, builder); break;
                case FrameKind.End: ended = true; break;
                default: damages++; break;
            }
        }
    }

    private static List<(int Column, MinuteBuilder.Column Target)> Columns(byte[] content, MinuteBuilder builder)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        var columns = new List<(int, MinuteBuilder.Column)>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var column = reader.ReadInt32();
            var (key, family, kind, device) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
            // Written by a version that knew more: nothing here could show it.
            if (!Enum.TryParse<MetricFamily>(family, out var knownFamily) || !Enum.TryParse<MetricKind>(kind, out var knownKind)) continue;
            columns.Add((column, builder.Of(new SeriesName(key, knownFamily, knownKind, device.Length == 0 ? null : device))));
        }
        return columns;
    }

    private static void AddRows(ReadOnlySpan<byte> content, List<(int Column, MinuteBuilder.Column Target)> columns, MinuteBuilder builder)
    {
        var rows = BinaryPrimitives.ReadInt32LittleEndian(content);
        var width = BinaryPrimitives.ReadInt32LittleEndian(content[4..]);
        var times = content[8..];
        var values = times[(rows * sizeof(long))..];
        for (var row = 0; row < rows; row++)
        {
            var place = builder.Row(BinaryPrimitives.ReadInt64LittleEndian(times[(row * sizeof(long))..]));
            var line = values.Slice(row * width * sizeof(float), width * sizeof(float));
            foreach (var (column, target) in columns)
                if (column < width) target.Set(place, BitConverter.UInt32BitsToSingle(BinaryPrimitives.ReadUInt32LittleEndian(line[(column * sizeof(float))..])));
        }
    }
}
