using System.Buffers.Binary;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>Proves, before anything is measured, that the circuit client reads and writes its two formats rightly.</summary>
internal static class SelfCheck
{
    private const int None = -1;

    /// <exception cref="CircuitException">One of them is wrong; no figure would mean anything.</exception>
    public static void Run()
    {
        CheckPack();
        CheckRenderBatch();
    }

    private static void CheckPack()
    {
        long[] numbers = [0, 1, 127, 128, 255, 256, 70_000, int.MaxValue, long.MaxValue, -1, -32, -33, -70_000, long.MinValue];
        string?[] texts = [null, "", "short", new string('x', 31), new string('y', 32), new string('ü', 70_000)];
        var writer = new PackWriter().Array(numbers.Length + texts.Length + 3).EmptyMap().Boolean(true).Nil();
        foreach (var number in numbers) writer.Integer(number);
        foreach (var text in texts) writer.Text(text);

        var reader = new PackReader(writer.Written.Span);
        Expect(reader.Array(), numbers.Length + texts.Length + 3, "the length of an array");
        reader.Skip();
        Expect(reader.Boolean(), true, "a boolean");
        Expect(reader.NextIsNil, true, "nil");
        reader.Skip();
        foreach (var number in numbers) Expect(reader.Integer(), number, "an integer");
        foreach (var text in texts) Expect(reader.Text(), text, "a text");
        Expect(reader.AtEnd, true, "the end");

        var bytes = new PackReader([0xC4, 2, 7, 8]);
        Expect(bytes.Binary()[1], (byte)8, "bytes");
    }

    private static void CheckRenderBatch()
    {
        var document = new PageDocument();
        // <p class="a">0</p><button onclick>Go</button>, then the text becomes 1 and the two change places.
        string[] texts = ["p", "class", "a", "0", "button", "onclick", "Go", "1"];
        document.Apply(new RenderBatch(Batch(
            [[1, 0, 0, None], [1, 1, 3, None]],
            [[1, 3, 0, 0, 0], [3, 1, 2, 0, 0], [2, 3, 0, 0, 0], [1, 3, 4, 0, 0], [3, 5, None, 9, 0], [2, 6, 0, 0, 0]],
            texts)));
        var button = document.Find("onclick", node => node.Name == "button");
        Expect(button?.Handlers["onclick"], 9UL, "an event handler");
        Expect(document.Nodes.First(node => node.Name == "p").Attributes["class"], "a", "an attribute");
        Expect(document.InnerText(), "0Go", "the text of a new page");

        document.Apply(new RenderBatch(Batch(
            [[6, 0, 0, None], [5, 0, 0, None], [7, 0, 0, None], [9, 0, 1, None], [9, 1, 0, None], [10, 0, 0, None], [4, 1, 0, 1]],
            [[2, 7, 0, 0, 0]],
            texts)));
        Expect(document.InnerText(), "Go1", "the text of a changed page");
        Expect(document.Nodes.First(node => node.Name == "p").Attributes.Count, 0, "a removed attribute");
    }

    /// <summary>A batch that updates component 0.</summary>
    private static byte[] Batch(int[][] edits, int[][] frames, string[] texts)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Write(writer, [0, edits.Length]);
        foreach (var edit in edits) Write(writer, edit);
        var updated = (int)stream.Position;
        Write(writer, [1, 0]);
        var frameTable = (int)stream.Position;
        Write(writer, [frames.Length]);
        foreach (var frame in frames) Write(writer, frame);
        var disposed = (int)stream.Position;
        Write(writer, [0]);
        var places = texts.Select(text =>
        {
            var place = (int)stream.Position;
            writer.Write(text);
            return place;
        }).ToArray();
        var textTable = (int)stream.Position;
        Write(writer, places);
        Write(writer, [updated, frameTable, disposed, disposed, textTable]);
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, int[] numbers)
    {
        var bytes = new byte[4];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            writer.Write(bytes);
        }
    }

    private static void Expect<T>(T actual, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected)) throw new CircuitException($"Self-check of the circuit client: {what} is read as '{actual}' instead of '{expected}'. Nothing was measured.");
    }
}
