using System.Globalization;
using System.Text.Json;
using BlazorAdmin.Features.Documents.Recognition;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Reads one document: inspect, convert, then recognise page by page what has no text. Every way ends in a named outcome.</summary>
public sealed class DocumentReader(InspectStep inspect, ConvertStep convert, OcrStep ocr, TimeProvider time)
{
    private const int FailuresInARow = 3;
    private const double ConvertedPercent = 40;
    private readonly SearchableStep _searchable = new();

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
            // Only the searchable copy was still missing.
            if (state.Read) return Finished(state);
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
        state.Read = true;
        var searchable = await MakeSearchable(source, inspection, conversion, context, journal, state, cancel);
        context.Progress.Report(new StepProgress(100, new ReadReason("Done")));
        return Finished(state) with { Searchable = searchable };
    }

    private static Reading Finished(Progress state)
    {
        if (state.Pages.Any(page => Sections.Letters(page.Text) > 0)) return new Reading(ReadOutcome.Ready, null, state.Inspection, state.Pages, state.Warnings);
        return state.Warnings is [var first, ..]
            ? Ended(first.Outcome, first.Reason, state)
            : new Reading(ReadOutcome.NoText, new ReadReason("NoText"), state.Inspection, state.Pages, []);
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
                Take(read, number, state);
                continue;
            }
            state.Warnings.Add(new ReadWarning(number, page.Outcome, page.Reason!));
            // A missing tool or three pages in a row that fail: the others would fail too, at the cost of a time limit each.
            if (page.Outcome == ReadOutcome.Failed || (++failed == FailuresInARow && state.Pages.All(text => text.Origin == TextOrigin.None)))
                return Ended(page.Outcome, page.Reason, state);
        }
        return null;
    }

    /// <summary>A page's own readable text stays where recognition found less.</summary>
    private static void Take(OcrPage read, int number, Progress state)
    {
        var (own, letters) = (state.Pages[number - 1], Sections.Letters(read.Text));
        if (letters == 0 || (own.Origin == TextOrigin.File && letters <= Sections.Letters(own.Text) && !PageNeeds.IsGarbage(own.Text))) return;
        state.Pages[number - 1] = Storable(new PageText(number, read.Text, null, TextOrigin.Recognition, read.Confidence));
        if (read.Way is { } way) state.Recognised.Add(new RecognisedPage(number, way));
    }

    /// <summary>A PDF with the recognised text, where something was recognised. That there is none never fails the reading.</summary>
    private async Task<SearchableFile?> MakeSearchable(DocumentSource source, Inspection inspection, Conversion conversion, StepContext context, IReadingJournal journal, Progress state, CancellationToken cancel)
    {
        if (!context.Options.KeepSearchable || state.Recognised.Count == 0) return null;
        context.Progress.Report(new StepProgress(99, new ReadReason("MakingSearchable")));
        var input = new SearchableInput(source, inspection.Type, conversion.Pages.Count, state.Recognised);
        // Recorded, but its file goes with the folder: after a restart it is made again.
        var recorded = await journal.Find<SearchableFile>(_searchable.Name, _searchable.Version, "", cancel);
        if (recorded?.Output is { } known && File.Exists(known.Path)) return known;
        var (started, startedAt) = (time.GetTimestamp(), time.GetUtcNow());
        StepResult<SearchableFile> made;
        try
        {
            made = await _searchable.Run(input, context, cancel);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            context.Log($"{fault.GetType().Name}: {fault.Message}");
            made = StepResult<SearchableFile>.Ended(ReadOutcome.Failed, "ReadingFailed");
        }
        if (recorded is null && made.Outcome != ReadOutcome.Failed)
            await journal.Record(new StepRecord(_searchable.Name, _searchable.Version, "", JsonSerializer.Serialize(input), startedAt, time.GetElapsedTime(started)), made, cancel);
        if (made.Output is null) context.Log($"warning: no searchable PDF ({made.Reason})");
        return made.Output;
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

        public List<RecognisedPage> Recognised { get; } = [];

        /// <summary>All pages are there.</summary>
        public bool Read { get; set; }
    }
}
