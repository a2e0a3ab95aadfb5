using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>
/// Exact date and total of photographed receipts (ICDAR 2019 SROIE, task 3): the portal's reading and extraction, beside tesseract with its
/// usual options and the first thing that looks like a date and the largest that looks like an amount.
/// </summary>
internal static partial class FieldFigures
{
    private const string Plain = "tesseract, first date, largest amount";

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("BLAZORADMIN_SHARED") ?? Path.Combine(Repository.Root, "..", "shared"), "data", "receipts");
        if (!Directory.Exists(folder))
        {
            sink.Say($"  documents.fields: {Path.GetFullPath(folder)} is absent, nothing is measured");
            return;
        }
        FigureSpec[] specs = [new("documents.fields.date", "%", Better.Higher) { Peer = Plain }, new("documents.fields.total", "%", Better.Higher) { Peer = Plain }];
        await Runs.MeasureAsync(sink, specs, new SizeProbe(), Repetition.Once, token => MeasureAsync(sink, folder, token), cancellation);
    }

    private static async Task<RunResult> MeasureAsync(FigureSink sink, string folder, CancellationToken cancellation)
    {
        var work = Path.Combine(Repository.Artifacts, $"fields-{Guid.NewGuid():N}"[..14]);
        var (runner, _) = await ProcessRunner.Create(StepMarker.ForThisProcess(work, "bench"), work, TimeProvider.System, cancellation);
        var (ours, plain, receipts) = ((Dates: 0, Totals: 0), (Dates: 0, Totals: 0), 0);
        try
        {
            foreach (var picture in Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal))
            {
                var (date, total) = await Truth(Path.ChangeExtension(picture, ".json"), cancellation);
                using var box = WorkFolder.Create(work);
                var context = new StepContext(box, new ReadingOptions(), runner, new Progress<StepProgress>(), _ => { });
                var fields = await Ours(picture, context, cancellation);
                var text = (await context.Run("tesseract", [picture, "stdout"], [picture], cancellation)).Text;
                var (plainDate, plainTotal) = (FirstDate(text), LargestAmount(text));
                receipts++;
                ours = (ours.Dates + (fields.GetValueOrDefault(FieldNames.Date) == date ? 1 : 0), ours.Totals + (Number(fields.GetValueOrDefault(FieldNames.Total)) == total ? 1 : 0));
                plain = (plain.Dates + (plainDate == date ? 1 : 0), plain.Totals + (plainTotal == total ? 1 : 0));
            }
        }
        finally
        {
            if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
        }
        sink.Say($"  {receipts} receipts: date {ours.Dates} (plain {plain.Dates}), total {ours.Totals} (plain {plain.Totals})");
        return new RunResult([100.0 * ours.Dates / receipts, 100.0 * ours.Totals / receipts], [100.0 * plain.Dates / receipts, 100.0 * plain.Totals / receipts]);
    }

    private static async Task<Dictionary<string, string>> Ours(string picture, StepContext context, CancellationToken cancellation)
    {
        var reader = new DocumentReader(new InspectStep(), new ConvertStep(), new OcrStep(), TimeProvider.System);
        var reading = await reader.Read(new DocumentSource(picture, Path.GetFileName(picture)), context, new NothingKept(), cancellation);
        var result = ExtractStep.Extract(new ExtractInput([.. reading.Pages.Select(page => new EntityPage(page.Number, page.Text))], [], []), cancellation);
        return result.Fields.ToDictionary(field => field.Name, field => field.Value);
    }

    private static async Task<(string Date, decimal Total)> Truth(string file, CancellationToken cancellation)
    {
        using var truth = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellation));
        var date = EntityFinder.Find([new EntityPage(1, truth.RootElement.GetProperty("date").GetString()!)], [], cancellation).Found.First(one => one.Kind == EntityKinds.Date).Value;
        return (date, decimal.Parse(Sum().Match(truth.RootElement.GetProperty("total").GetString()!).Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
    }

    private static decimal? Number(string? value) => value is null ? null : decimal.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>Day before month, as all of these receipts have it.</summary>
    private static string? FirstDate(string text)
    {
        string[] forms = ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy", "d/M/yy", "d-M-yy", "d.M.yy", "d MMM yyyy"];
        return Date().Matches(text).Select(match => DateOnly.TryParseExact(match.Value, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null).FirstOrDefault(day => day is not null);
    }

    private static decimal? LargestAmount(string text) =>
        Amount().Matches(text).Select(match => decimal.Parse(match.Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).Cast<decimal?>().DefaultIfEmpty(null).Max();

    [GeneratedRegex(@"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b|\b\d{1,2} [A-Za-z]{3} \d{4}\b")]
    private static partial Regex Date();

    [GeneratedRegex(@"\b\d[\d,]*\.\d{2}\b")]
    private static partial Regex Amount();

    /// <summary>As the truth has it: a currency may stand before it without a space.</summary>
    [GeneratedRegex(@"\d[\d,]*(?:\.\d+)?")]
    private static partial Regex Sum();

    private sealed class NothingKept : IReadingJournal
    {
        public Task<StepResult<T>?> Find<T>(string step, string version, string part, CancellationToken cancel)
            where T : class => Task.FromResult<StepResult<T>?>(null);

        public Task Record<T>(StepRecord record, StepResult<T> result, CancellationToken cancel)
            where T : class => Task.CompletedTask;
    }
}
