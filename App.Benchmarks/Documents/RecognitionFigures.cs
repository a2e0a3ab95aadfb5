using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Features.Documents.Recognition;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>Character recognition beside tesseract alone: words of photographed receipts, pages on their side or head, and time.</summary>
internal static class RecognitionFigures
{
    private const int CleanPages = 8;

    /// <summary>A turned page counts as read when it has nine tenths of what the same reader finds in it upright.</summary>
    private const double AsWell = 0.9;

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        if (RecognitionBench.SharedData() is not { } data)
        {
            sink.Say("No shared data: set BLAZORADMIN_SHARED to the folder that holds data/. The rows of recognition are left out.");
            return;
        }
        using var bench = await RecognitionBench.CreateAsync(cancellation);
        var receipts = Directory.EnumerateFiles(Path.Combine(data, "receipts"), "*.jpg").Order(StringComparer.Ordinal).ToList();
        if (sink.Wants("documents.receipts")) await ReceiptsAsync(sink, bench, receipts, cancellation);
        if (sink.Wants("documents.rotations")) await RotationsAsync(sink, bench, receipts, cancellation);
        if (sink.Wants("documents.ocr")) await SpeedAsync(sink, bench, Path.Combine(data, "convert", "pdf"), cancellation);
    }

    private static Task ReceiptsAsync(FigureSink sink, RecognitionBench bench, List<string> receipts, CancellationToken cancellation) => Runs.MeasureAsync(
        sink,
        [
            new("documents.receipts.words", "F1", Better.Higher) { Must = 0.79, Aim = 0.82, Peer = "tesseract --psm 6" },
            new("documents.receipts.words.auto", "F1", Better.Higher) { Must = 0.79, Aim = 0.82, Peer = "tesseract --psm 3" },
            new("documents.receipts.speed", "pages/s per core", Better.Higher) { Peer = "tesseract --psm 3" },
        ],
        new LoopProbe(), Repetition.Once,
        async cancel =>
        {
            var (ours, block, auto) = (new WordTally(), new WordTally(), new WordTally());
            var (time, plain) = (TimeSpan.Zero, TimeSpan.Zero);
            foreach (var receipt in receipts)
            {
                var truth = Truth(receipt);
                var read = await bench.ReadAsync(receipt, cancel);
                var three = await bench.PlainAsync(receipt, 3, cancel);
                ours.Add(truth, read.Text);
                auto.Add(truth, three.Text);
                block.Add(truth, (await bench.PlainAsync(receipt, 6, cancel)).Text);
                (time, plain) = (time + read.Time, plain + three.Time);
            }
            return new RunResult([ours.F1, ours.F1, receipts.Count / time.TotalSeconds], [block.F1, auto.F1, receipts.Count / plain.TotalSeconds]);
        },
        cancellation);

    private static Task RotationsAsync(FigureSink sink, RecognitionBench bench, List<string> receipts, CancellationToken cancellation) => Runs.MeasureAsync(
        sink, [new("documents.rotations", "share read as well as upright", Better.Higher) { Peer = "tesseract --psm 1" }], new LoopProbe(), Repetition.Once,
        async cancel =>
        {
            var (all, ours, plain) = (0, 0, 0);
            foreach (var receipt in receipts)
            {
                if (await bench.DrawAsync(receipt, ContentType.Jpeg, cancel) is not { } picture) continue;
                var truth = Truth(receipt);
                var upright = bench.Write("upright.tif", Tiff.Of(picture));
                var (best, plainBest) = (new WordTally().Add(truth, (await bench.ReadAsync(upright, cancel)).Text), new WordTally().Add(truth, (await bench.PlainAsync(upright, 1, cancel)).Text));
                foreach (var turn in new[] { 90, 180, 270 })
                {
                    var turned = bench.Write("turned.tif", Tiff.Of(picture.Turn(turn)));
                    all++;
                    if (best > 0 && new WordTally().Add(truth, (await bench.ReadAsync(turned, cancel)).Text) >= AsWell * best) ours++;
                    if (plainBest > 0 && new WordTally().Add(truth, (await bench.PlainAsync(turned, 1, cancel)).Text) >= AsWell * plainBest) plain++;
                }
            }
            return RunResult.Of((double)ours / all, (double)plain / all);
        },
        cancellation);

    /// <summary>Pages as an office scanner gives them: print on white, drawn from real files.</summary>
    private static async Task SpeedAsync(FigureSink sink, RecognitionBench bench, string folder, CancellationToken cancellation)
    {
        var pages = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.pdf").Order(StringComparer.Ordinal))
        {
            if (pages.Count == CleanPages) break;
            if (await bench.DrawAsync(file, ContentType.Pdf, cancellation) is not { } picture) continue;
            var path = bench.Write($"clean{pages.Count}.tif", Tiff.Of(picture));
            if (WordTally.Words((await bench.PlainAsync(path, 3, cancellation)).Text).Count > 50) pages.Add(path);
        }
        if (pages.Count == 0) return;
        await Runs.MeasureAsync(
            sink, [new("documents.ocr.speed", "clean pages/s per core", Better.Higher) { Peer = "tesseract --psm 3" }], new LoopProbe(), Repetition.Few,
            async cancel =>
            {
                var (time, plain) = (TimeSpan.Zero, TimeSpan.Zero);
                foreach (var page in pages)
                {
                    time += (await bench.ReadAsync(page, cancel)).Time;
                    plain += (await bench.PlainAsync(page, 3, cancel)).Time;
                }
                return RunResult.Of(pages.Count / time.TotalSeconds, pages.Count / plain.TotalSeconds);
            },
            cancellation);
    }

    private static IReadOnlyDictionary<string, int> Truth(string receipt) => WordTally.Words(string.Join('\n', File.ReadLines(Path.ChangeExtension(receipt, ".csv"))
        .Select(line => line.Split(',', 9)).Where(parts => parts.Length == 9).Select(parts => parts[8])));
}
