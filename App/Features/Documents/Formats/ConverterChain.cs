using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Tries the converters of a type in turn: the first one that finds text is taken, and the reasons of the others go into the log.</summary>
internal static class ConverterChain
{
    public static async Task<StepResult<Conversion>> Run(IReadOnlyList<Converter> chain, ConvertInput input, StepContext context, CancellationToken cancel)
    {
        StepResult<Conversion>? best = null;
        foreach (var converter in chain)
        {
            var result = await converter.Convert(input, context, cancel);
            if (result.Output is { } conversion && (conversion.Unread.Count > 0 || conversion.Pages.Any(page => Sections.Letters(page.Text) > 0))) return result;
            context.Log($"{converter.Name}: {(result.Output is null ? $"{result.Outcome} ({result.Reason})" : "no text")}");
            best = Better(best, result);
            // Made to harm, or longer than any text may be: no other converter shall open it.
            if (result.Outcome is ReadOutcome.Suspicious or ReadOutcome.NeedsPassword || result.Reason?.Key == "TextTooLarge") return result;
        }
        return best ?? StepResult<Conversion>.Ended(ReadOutcome.Unsupported, "TypeNotSupported", input.Inspection.Type.Extension().ToUpperInvariant());
    }

    /// <summary>A reading without text before none at all; what is wrong with the file before a tool that is missing.</summary>
    private static StepResult<Conversion> Better(StepResult<Conversion>? first, StepResult<Conversion> second)
    {
        if (first is null) return second;
        if (first.Output is not null || second.Output is null && (first.Outcome != ReadOutcome.Failed || second.Outcome == ReadOutcome.Failed)) return first;
        return second;
    }
}
