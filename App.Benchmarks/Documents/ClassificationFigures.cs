using System.Globalization;
using System.Text;
using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Hosting;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Benchmarks.Documents;

/// <summary>
/// Classification by our training and by plain fastText (-epoch 25 -wordNgrams 2, all else by default, raw lines) on the same five folds of public labelled
/// questions. Ours chooses its settings and fits its temperature anew inside each fold's own training part, so no figure knows the answers it is judged by.
/// </summary>
public static class ClassificationFigures
{
    private const int Folds = 5;
    private static readonly string[] Plain = ["-epoch", "25", "-wordNgrams", "2", "-verbose", "0"];

    public static async Task MeasureAsync(FigureSink sink, CancellationToken cancellation)
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("BLAZORADMIN_SHARED") ?? Path.Combine(Repository.Root, "..", "shared"), "data", "classify", "trec_questions_train.txt");
        if (!File.Exists(file) || ToolChain.Find(FastText.Program) is null)
        {
            sink.Say($"  documents.classes is left out: {(File.Exists(file) ? $"the package {FastText.Package} is missing" : $"{file} is absent")}.");
            return;
        }
        var questions = Read(file);
        FigureSpec[] specs =
        [
            new("documents.classes.accuracy", "share", Better.Higher) { Peer = "plain fastText" },
            new("documents.classes.accuracy_at_80", "share", Better.Higher) { Peer = "plain fastText" },
            new("documents.classes.calibration_error", "share", Better.Lower) { Peer = "plain fastText" },
        ];
        await Runs.MeasureAsync(sink, specs, new LoopProbe(), Repetition.Once, cancel => Compare(sink, questions, cancel), cancellation);
    }

    private static async Task<RunResult> Compare(FigureSink sink, IReadOnlyList<(string Label, string Text)> questions, CancellationToken cancel)
    {
        var root = Directory.CreateTempSubdirectory("classes-").FullName;
        try
        {
            var (runner, _) = await ProcessRunner.Create(StepMarker.ForThisProcess(root, "bench"), root, TimeProvider.System, cancel);
            using var folder = WorkFolder.Create(root);
            var tool = new FastText(runner, folder, sink.Say);
            var labels = questions.Select(question => question.Label).Distinct().Order(StringComparer.Ordinal).ToList();
            var names = labels.Select((label, i) => (label, i)).ToDictionary(one => TypeOf(one.i), one => one.label);
            var truth = questions.Select(question => labels.IndexOf(question.Label)).ToList();
            var folds = ClassifierTrainer.Folds(truth, labels.Count, out _);
            var (ours, plain) = (new List<(double Confidence, bool Right)>(), new List<(double Confidence, bool Right)>());
            for (var fold = 0; fold < Folds; fold++)
            {
                var (learnt, asked) = (Of(folds, one => one != fold), Of(folds, one => one == fold));
                var trained = await new ClassifierTrainer(tool, (_, _) => { }).Train([.. learnt.Select(i => LabelledText.Of(TypeOf(truth[i]), questions[i].Text))], names, cancel);
                var model = new ActiveClassifier(Guid.Empty, "", 0, trained.Card.Temperature, trained.Card.Labels);
                var answers = await tool.Predict(trained.ModelPath, [.. asked.Select(i => LabelledText.Of(Guid.Empty, questions[i].Text).Line)], labels.Count, cancel);
                ours.AddRange(asked.Zip(answers, (i, answer) => (model.Scores(answer)[0].Probability, model.Scores(answer)[0].TypeId == TypeOf(truth[i]))));

                var path = await tool.Train("plain", learnt.Select(i => (truth[i], questions[i].Text)), Plain, cancel);
                var said = await tool.Predict(path, [.. asked.Select(i => questions[i].Text)], labels.Count, cancel);
                File.Delete(path);
                plain.AddRange(asked.Zip(said, (i, answer) => (answer.Max(), Array.IndexOf(answer, answer.Max()) == truth[i])));
                sink.Say(string.Create(CultureInfo.InvariantCulture, $"  fold {fold + 1} of {Folds}: {Right(ours):0.0000} beside {Right(plain):0.0000}, {trained.Card.Settings}"));
            }
            return new RunResult(Figures(ours), Figures(plain));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static double[] Figures(List<(double Confidence, bool Right)> answers) =>
        [Right(answers), Calibration.AccuracyAt(answers, 0.8), Calibration.ExpectedError(Calibration.BinsOf(answers))];

    private static double Right(List<(double Confidence, bool Right)> answers) => answers.Average(answer => answer.Right ? 1.0 : 0);

    private static List<int> Of(int[] folds, Func<int, bool> wanted) => [.. Enumerable.Range(0, folds.Length).Where(i => wanted(folds[i]))];

    /// <summary>In the order of the labels, as the trainer sorts them.</summary>
    private static Guid TypeOf(int label) => new(label, 0, 0, new byte[8]);

    private static List<(string Label, string Text)> Read(string file) =>
        [.. File.ReadLines(file, Encoding.Latin1).Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).Select(parts => (parts[0].Split(':')[0], parts[1]))];
}
