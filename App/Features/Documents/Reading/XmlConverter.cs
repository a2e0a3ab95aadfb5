using System.Text;
using System.Xml;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Text of an XML file, element by element; no DTD is read, no entity resolved.</summary>
internal static class XmlConverter
{
    private const int MaxDepth = 1_000;

    public static async Task<StepResult<Conversion>> Convert(string path, StepContext context, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > context.Options.MaxTextBytes) return TextConverter.TooLarge(context.Options);
        var bytes = await File.ReadAllBytesAsync(path, cancel);
        if (TextDecoding.Decode(bytes) is not { } raw) return StepResult<Conversion>.Ended(ReadOutcome.Damaged, "TextDamaged");
        if (raw.Contains("<!ENTITY", StringComparison.Ordinal)) return StepResult<Conversion>.Ended(ReadOutcome.Suspicious, "ExternalEntities");
        var settings = new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            MaxCharactersInDocument = context.Options.MaxTextBytes,
            ConformanceLevel = ConformanceLevel.Document,
        };
        try
        {
            var text = new StringBuilder();
            using var reader = XmlReader.Create(new MemoryStream(bytes, writable: false), settings);
            while (await reader.ReadAsync())
            {
                cancel.ThrowIfCancellationRequested();
                if (reader.Depth > MaxDepth) return StepResult<Conversion>.Ended(ReadOutcome.Suspicious, "NestedTooDeep", "1000");
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text.Append(reader.Value.Trim()).Append('\n');
            }
            return TextConverter.Of(text.ToString(), null, "xml");
        }
        catch (XmlException)
        {
            return StepResult<Conversion>.Ended(ReadOutcome.Damaged, "XmlDamaged");
        }
    }
}
