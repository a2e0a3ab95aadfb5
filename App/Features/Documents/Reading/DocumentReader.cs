using System.Globalization;
using System.Text.Json;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Reads one document: inspect, convert, then recognise page by page what has no text. Every way ends in a named outcome.</summary>
public sealed class DocumentReader(InspectStep inspect, ConvertStep convert, OcrStep ocr, TimeProvider time)
{
    private const int FailuresInARow = 3;
    private const double ConvertedPercent = 40;

    /// <exception cref="OperationCanceledException">Only when the caller cancels; the limits of the options end in an outcome.</exception>
    public async Task<Reading> Read(DocumentSource source, StepContext context, IReadingJournal journal, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var reading = await ReadWithin(source, context, journal, cancel);
        ReadingMeter.Read(reading.Outcome, time.GetElapsedTime(started));
        return reading;
    }

    private async Task<Reading> ReadWithin(DocumentSource source, StepContext context, IReadingJournal journal, CancellationToken cancel)
    {
        using var timeUp = new CancellationTokenSource(TimeSpan.FromMinutes(context.Options.DocumentMinutes), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeUp.Token);
        var state = new Progress();
        try
        {
            return await Read(source, context, journal, state, both.Token);
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new Reading(ReadOutcome.TimedOut, new ReadReason("DocumentTimedOut", Text(context.Options.DocumentMinutes)), state.Inspection, state.Pages, state.Warnings);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            context.Log($"{fault.GetType().Name}: {fault.Message}");
            return new Reading(ReadOutcome.Failed, new ReadReason("ReadingFailed"), state.Inspection, [], []);
        }
    }

    private async Task<Reading> Read(DocumentSource source, StepContext context, IReadingJournal journal, Progress state, CancellationToken cancel)
    {
        context.Progress.Report(new StepProgress(0, new ReadReason("Inspecting")));
        var inspected = await Step(inspect, source, "", context, journal, cancel);
        state.Inspection = inspected.Output;
        if (inspected is not { Outcome: ReadOutcome.Ready, Output: { } inspection }) return Ended(inspected.Outcome, inspected.Reason, state);

        context.Progress.Report(new StepProgress(5, new ReadReason("Converting")));
        var converted = await Step(convert, new ConvertInput(source, inspection), "", context, journal, cancel);
        if (converted.Output is not { } conversion) return Ended(converted.Outcome, converted.Reason, state);
        state.Pages = [.. conversion.Pages.Select(Storable)];

        if (await Recognise(source, inspection, conversion, context, journal, state, cancel) is { } stopped) return stopped;
        if (state.Pages.Sum(page => (long)page.Text.Length) > context.Options.MaxTextBytes) return Ended(ReadOutcome.TooLarge, new ReadReason("TextTooLarge", Text(context.Options.MaxTextBytes >> 20)), state);
        context.Progress.Report(new StepProgress(100, new ReadReason("Done")));
        if (state.Pages.Any(page => Sections.Letters(page.Text) > 0)) return new Reading(ReadOutcome.Ready, null, inspection, state.Pages, state.Warnings);
        return state.Warnings is [var first, ..]
            ? Ended(first.Outcome, first.Reason, state)
            : new Reading(ReadOutcome.NoText, new ReadReason("NoText"), inspection, state.Pages, []);
    }

    private async Task<Reading?> Recognise(DocumentSource source, Inspection inspection, Conversion conversion, StepContext context, IReadingJournal journal, Progress state, CancellationToken cancel)
    {
        var failed = 0;
        for (var i = 0; i < conversion.Unread.Count; i++)
        {
            var number = conversion.Unread[i];
            var percent = ConvertedPercent + (100 - ConvertedPercent) * i / conversion.Unread.Count;
            context.Progress.Report(new StepProgress(percent, new ReadReason("RecognisingPage", Text(number), Text(conversion.Pages.Count))));
            var page = await Step(ocr, new OcrInput(source, inspection.Type, number), Text(number), context, journal, cancel);
            if (page.Output is { } read)
            {
                failed = 0;
                if (Sections.Letters(read.Text) > 0) state.Pages[number - 1] = Storable(new PageText(number, read.Text, null, TextOrigin.Recognition, read.Confidence));
                continue;
            }
            state.Warnings.Add(new ReadWarning(number, page.Outcome, page.Reason!));
            // A missing tool or three pages in a row that fail: the others would fail too, at the cost of a time limit each.
            if (page.Outcome == ReadOutcome.Failed || (++failed == FailuresInARow && state.Pages.All(text => text.Origin == TextOrigin.None)))
                return Ended(page.Outcome, page.Reason, state);
        }
        return null;
    }

    /// <summary>The recorded result of a step, or that of running it now, recorded.</summary>
    internal async Task<StepResult<TOutput>> Step<TInput, TOutput>(IDocumentStep<TInput, TOutput> step, TInput input, string part, StepContext context, IReadingJournal journal, CancellationToken cancel)
        where TOutput : class
    {
        if (await journal.Find<TOutput>(step.Name, step.Version, part, cancel) is { } recorded) return recorded;
        var started = time.GetTimestamp();
        var startedAt = time.GetUtcNow();
        var result = await step.Run(input, context, cancel);
        // What failed for want of a tool is tried again by the next attempt.
        if (result.Outcome != ReadOutcome.Failed) await journal.Record(new StepRecord(step.Name, step.Version, part, JsonSerializer.Serialize(input), startedAt, time.GetElapsedTime(started)), result, cancel);
        return result;
    }

    /// <summary>The databases take no zero character.</summary>
    private static PageText Storable(PageText page) => page.Text.Contains('\0') || page.Markdown?.Contains('\0') == true
        ? page with { Text = page.Text.Replace("\0", ""), Markdown = page.Markdown?.Replace("\0", "") }
        : page;

    private static Reading Ended(ReadOutcome outcome, ReadReason? reason, Progress state) => new(outcome, reason, state.Inspection, [], state.Warnings);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Progress
    {
        public Inspection? Inspection { get; set; }

        public List<PageText> Pages { get; set; } = [];

        public List<ReadWarning> Warnings { get; } = [];
    }
}
