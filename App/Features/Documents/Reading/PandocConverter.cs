using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>
/// Flow documents with pandoc: read once into its document tree, cut into sections between blocks, then written as Markdown and
/// as plain text with the same cuts, so that both stay aligned.
/// </summary>
internal static class PandocConverter
{
    private const int MaxDepth = 400;
    // Private-use characters that cannot come from a keyboard; removed from the document's own text before.
    private const string Cut = "\uF8FDsection\uF8FE";
    private static readonly string[] Common = ["--sandbox", "--quiet", "--wrap=none"];

    public static async Task<StepResult<Conversion>> ConvertText(string path, string format, StepContext context, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > context.Options.MaxTextBytes) return TooLarge(context);
        var text = TextDecoding.Decode(await File.ReadAllBytesAsync(path, cancel));
        if (text is null) return StepResult<Conversion>.Ended(ReadOutcome.Damaged, "TextDamaged");
        var file = context.Folder.File("source.txt");
        await File.WriteAllTextAsync(file, text, cancel);
        return await Convert(file, format, context, cancel);
    }

    public static async Task<StepResult<Conversion>> Convert(string path, string format, StepContext context, CancellationToken cancel)
    {
        context.Progress.Report(new StepProgress(10, new ReadReason("Converting")));
        var tree = await context.Run("pandoc", [.. Common, "-f", format, "-t", "json", path], [path], cancel);
        if (!tree.Succeeded && format == "docx" && IsStrict(path)) return StepResult<Conversion>.Ended(ReadOutcome.Unsupported, "StrictOffice");
        if (ToolFaults.Of(tree, "pandoc", ReadOutcome.Damaged, "DocumentDamaged") is { } fault) return new(fault.Outcome, null, fault.Reason);
        string cut;
        try
        {
            cut = CutTree(tree.Output);
        }
        catch (JsonException)
        {
            return StepResult<Conversion>.Ended(ReadOutcome.Suspicious, "NestedTooDeep", MaxDepth.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        var file = context.Folder.File("tree.json");
        await File.WriteAllTextAsync(file, cut, cancel);
        context.Progress.Report(new StepProgress(50, new ReadReason("Converting")));
        var markdown = await context.Run("pandoc", [.. Common, "-f", "json", "-t", "gfm", file], [], cancel);
        if (ToolFaults.Of(markdown, "pandoc", ReadOutcome.Damaged, "DocumentDamaged") is { } first) return new(first.Outcome, null, first.Reason);
        context.Progress.Report(new StepProgress(75, new ReadReason("Converting")));
        var plain = await context.Run("pandoc", [.. Common, "-f", "json", "-t", "plain", file], [], cancel);
        if (ToolFaults.Of(plain, "pandoc", ReadOutcome.Damaged, "DocumentDamaged") is { } second) return new(second.Outcome, null, second.Reason);
        return StepResult<Conversion>.Ready(new Conversion(Align(markdown.Text, plain.Text), [], "pandoc"));
    }

    private static IReadOnlyList<PageText> Align(string markdown, string plain)
    {
        var marked = markdown.Split(Cut);
        var texts = plain.Split(Cut);
        // A cut that one writer swallowed: the text as a whole is right, the pairs would not be.
        if (marked.Length != texts.Length) (marked, texts) = ([markdown.Replace(Cut, "")], [plain.Replace(Cut, "")]);
        return [.. texts.Select((text, i) => new PageText(i + 1, text.Trim('\n', ' '), marked[i].Trim('\n', ' '), TextOrigin.File, null))];
    }

    /// <summary>Puts a cut between top-level blocks wherever a section has grown long enough.</summary>
    private static string CutTree(byte[] json)
    {
        var clean = Encoding.UTF8.GetString(json).Replace("\uF8FD", "").Replace("\uF8FE", "");
        var tree = JsonNode.Parse(clean, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth })!;
        var blocks = tree["blocks"]!.AsArray();
        var cut = new JsonArray();
        var size = 0;
        foreach (var block in blocks.ToList())
        {
            blocks.Remove(block);
            var length = TextLength(block);
            if (size > 0 && size + length > Sections.Characters)
            {
                // A heading belongs to what follows it.
                var at = cut.Count > 1 && cut[^1]!["t"]!.GetValue<string>() == "Header" ? cut.Count - 1 : cut.Count;
                cut.Insert(at, JsonNode.Parse($$"""{"t":"Para","c":[{"t":"Str","c":"{{Cut}}"}]}"""));
                size = 0;
            }
            cut.Add(block);
            size += length;
        }
        tree["blocks"] = cut;
        return tree.ToJsonString(new JsonSerializerOptions { MaxDepth = MaxDepth + 10, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>ISO 29500 Strict names its elements otherwise; pandoc knows the transitional names only.</summary>
    private static bool IsStrict(string path)
    {
        using var file = File.OpenRead(path);
        var directory = ZipDirectory.Read(file, maxEntries: 10_000);
        return directory.Find("word/document.xml") is { } part && directory.ReadEntry(file, part, 4096).AsSpan().IndexOf("purl.oclc.org/ooxml"u8) >= 0;
    }

    private static int TextLength(JsonNode? node) => node switch
    {
        JsonObject item when item.Count == 1 => 1,
        JsonObject item => TextLength(item["c"]),
        JsonArray list => list.Sum(TextLength),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>().Length,
        _ => 0,
    };

    private static StepResult<Conversion> TooLarge(StepContext context) =>
        StepResult<Conversion>.Ended(ReadOutcome.TooLarge, "TextTooLarge", (context.Options.MaxTextBytes >> 20).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
