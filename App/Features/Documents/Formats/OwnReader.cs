using System.Globalization;
using System.Xml;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Runs a reader of this portal off the caller's thread and gives every way it can end a named state.</summary>
internal static class OwnReader
{
    public static Converter As(string name, Func<string, StepContext, CancellationToken, Conversion> read) =>
        new(name, (input, context, cancel) => Run(name, () => read(input.Source.Path, context, cancel), context, cancel));

    public static async Task<StepResult<Conversion>> Run(string name, Func<Conversion> read, StepContext context, CancellationToken cancel)
    {
        context.Progress.Report(new StepProgress(10, new ReadReason("Converting")));
        try
        {
            var conversion = await Task.Run(read, cancel);
            return conversion.Pages.Count <= context.Options.MaxPages
                ? StepResult<Conversion>.Ready(conversion)
                : StepResult<Conversion>.Ended(ReadOutcome.TooManyPages, "TooManyPages", context.Options.MaxPages.ToString(CultureInfo.InvariantCulture));
        }
        catch (ReadStoppedException stopped)
        {
            return new(stopped.Outcome, null, stopped.Reason);
        }
        catch (Exception fault) when (fault is XmlException or InvalidDataException or FormatException or OverflowException or ArgumentException or EndOfStreamException)
        {
            // Whatever a file from outside holds, it is the file that is broken.
            context.Log($"{name}: {fault.GetType().Name}: {fault.Message}");
            return StepResult<Conversion>.Ended(ReadOutcome.Damaged, "DocumentDamaged");
        }
    }
}
