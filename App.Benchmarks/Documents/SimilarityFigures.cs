using BlazorAdmin.Benchmarks.Figures;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>
/// Similarity of the Markdown to that of another converter's regression tests, see <see cref="TextSimilarity"/>. That is a measure
/// for comparing, no truth: text that the other leaves out, such as headers, notes and hidden sheets, counts against.
/// </summary>
internal static class SimilarityFigures
{
    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        if (!SharedFiles.Present)
        {
            sink.Say("Similarity: the shared data is absent (BLAZORADMIN_SHARED), nothing is measured.");
            return;
        }
        await using var bay = await ReadingBay.OpenAsync(cancellation);
        await MeasureAsync(sink, bay, "docx", 0.90, 0.93, PlainTools.Pandoc, (path, token) => PlainTools.PandocAsync(bay, path, "docx", token), cancellation);
        await MeasureAsync(sink, bay, "html", 0.85, 0.90, PlainTools.Pandoc, (path, token) => PlainTools.PandocAsync(bay, path, "html", token), cancellation);
        await MeasureAsync(sink, bay, "pptx", null, null, PlainTools.OfficeAndPoppler, (path, token) => PlainTools.OfficeAsync(bay, path, token), cancellation);
        await MeasureAsync(sink, bay, "xlsx", null, null, PlainTools.OfficeAndPoppler, (path, token) => PlainTools.OfficeAsync(bay, path, token), cancellation);
    }

    private static async Task MeasureAsync(FigureSink sink, ReadingBay bay, string type, double? must, double? aim, string peer, Func<string, CancellationToken, Task<string>> plain, CancellationToken cancellation)
    {
        var name = "documents.similarity." + type;
        var files = SharedFiles.In(Path.Combine("convert", type), type).Where(path => File.Exists(path + ".md")).ToList();
        if (!sink.Wants(name) || files.Count == 0) return;
        sink.Say($"Similarity of {files.Count} {type.ToUpperInvariant()} files to their reference");
        FigureSpec[] specs =
        [
            new(name + ".mean", "NID", Better.Higher) { Must = must, Aim = aim, Peer = peer },
            new(name + ".median", "NID", Better.Higher) { Peer = peer },
            new(name + ".failures", "files", Better.Lower) { Must = 0, Aim = 0, Peer = peer },
        ];
        // The same every time, however busy the machine is.
        await Runs.MeasureAsync(sink, specs, new SizeProbe(), Repetition.Once, async token =>
        {
            var (own, others) = (new List<double>(), new List<double>());
            var (failed, othersFailed) = (0, 0);
            foreach (var path in files)
            {
                var reference = await File.ReadAllTextAsync(path + ".md", token);
                var text = await bay.ConvertAsync(path, token);
                var other = await plain(path, token);
                if (text is null) failed++;
                if (other.Length == 0) othersFailed++;
                own.Add(TextSimilarity.Of(reference, text ?? ""));
                others.Add(TextSimilarity.Of(reference, other));
                sink.Say($"  {own[^1]:0.000} beside {others[^1]:0.000} {Path.GetFileName(path)}");
            }
            return new RunResult([own.Average(), Runs.Median(own), failed], [others.Average(), Runs.Median(others), othersFailed]);
        }, cancellation);
    }
}
