using System.Globalization;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>A document to learn from.</summary>
/// <param name="Line">Of <see cref="TextFeatures.Line"/>; empty: there is no text.</param>
/// <param name="Words">How many it has.</param>
public sealed record LabelledText(Guid TypeId, string Line, int Words)
{
    public static LabelledText Of(Guid typeId, string text)
    {
        var words = TextFeatures.Words(text);
        return new LabelledText(typeId, TextFeatures.Line(words), words.Count);
    }
}

/// <param name="ModelPath">In the working folder.</param>
public sealed record TrainedClassifier(string ModelPath, ClassifierCard Card);

/// <summary>
/// Chooses settings by stratified cross-validation (those with the least cross-entropy after calibration, which counts right answers and honest confidence), fits the temperature on its answers, and trains the final model on all documents.
/// The temperature has one parameter and the settings are few, so fitting them on the answers they are judged by costs little honesty; the card's accuracy
/// is that of the chosen ones all the same.
/// </summary>
public sealed class ClassifierTrainer(FastText tool, Action<double, ReadReason> progress)
{
    /// <summary>Types with fewer documents are left out.</summary>
    public const int LeastDocuments = 10;

    public const int LeastTypes = 2;

    /// <exception cref="ClassifierFaultException">There is too little to learn from, or the tool is missing or failed.</exception>
    public async Task<TrainedClassifier> Train(IReadOnlyList<LabelledText> labelled, IReadOnlyDictionary<Guid, string> names, CancellationToken cancel)
    {
        var withText = labelled.Where(one => one.Words > 0).ToList();
        var groups = withText.GroupBy(one => one.TypeId).OrderBy(group => group.Key).ToList();
        var leftOut = groups.Where(group => group.Count() < LeastDocuments).Select(group => new TypeLeftOut(names[group.Key], group.Count())).OrderBy(one => one.Name, StringComparer.Ordinal).ToList();
        var types = groups.Where(group => group.Count() >= LeastDocuments).Select(group => group.Key).ToList();
        if (withText.Count == 0 && labelled.Count > 0) throw Fault("NoTextToLearn", Text(labelled.Count));
        if (types.Count < LeastTypes) throw Fault("TooFewDocuments", Text(LeastDocuments), Text(LeastTypes), Text(types.Count), leftOut.Count == 0 ? "–" : string.Join("; ", leftOut.Take(20).Select(one => $"{one.Name}: {one.Documents}")));

        var texts = withText.Where(one => types.Contains(one.TypeId)).Select(one => (Label: types.IndexOf(one.TypeId), one.Line)).ToList();
        var folds = Folds(texts.Select(text => text.Label).ToList(), types.Count, out var count);
        var candidates = ClassifierSettings.Candidates(texts.Count, withText.Sum(one => (long)one.Words));
        var tried = new List<(ClassifierSettings Settings, List<double[]> Answers, double Accuracy, double Loss)>();
        for (var candidate = 0; candidate < candidates.Count; candidate++)
        {
            var answers = new double[texts.Count][];
            for (var fold = 0; fold < count; fold++)
            {
                progress(5 + 80.0 * (candidate * count + fold) / (candidates.Count * count), new ReadReason("ProgressValidating", Text(candidate + 1), Text(candidates.Count), Text(fold + 1), Text(count)));
                await Validate(texts, folds, fold, candidates[candidate], types.Count, answers, cancel);
            }
            var right = Enumerable.Range(0, texts.Count).Count(i => Best(answers[i]) == texts[i].Label);
            var truth = texts.Select(text => text.Label).ToList();
            var loss = Calibration.Loss(answers, truth, Calibration.Fit(answers, truth));
            tried.Add((candidates[candidate], [.. answers], (double)right / texts.Count, loss));
        }

        var best = tried.OrderBy(one => one.Loss).First();
        progress(86, new ReadReason("ProgressFinal", Text(texts.Count)));
        var model = await tool.Train("model", texts, best.Settings.Arguments, cancel);
        var card = Describe(types, names, texts.Select(text => text.Label).ToList(), best.Answers) with
        {
            LeftOut = leftOut, Folds = count, Settings = best.Settings, Tried = [.. tried.Select(one => new TriedSettings(one.Settings, one.Accuracy))],
        };
        return new TrainedClassifier(model, card);
    }

    private async Task Validate(List<(int Label, string Line)> texts, int[] folds, int fold, ClassifierSettings settings, int types, double[][] answers, CancellationToken cancel)
    {
        var model = await tool.Train("fold", texts.Where((_, i) => folds[i] != fold), settings.Arguments, cancel);
        var asked = Enumerable.Range(0, texts.Count).Where(i => folds[i] == fold).ToList();
        var predicted = await tool.Predict(model, [.. asked.Select(i => texts[i].Line)], types, cancel);
        for (var i = 0; i < asked.Count; i++) answers[asked[i]] = predicted[i];
        File.Delete(model);
    }

    /// <summary>All figures of a card that come from the answers.</summary>
    internal static ClassifierCard Describe(IReadOnlyList<Guid> types, IReadOnlyDictionary<Guid, string> names, IReadOnlyList<int> truth, IReadOnlyList<double[]> raw)
    {
        var temperature = Calibration.Fit(raw, truth);
        var confusion = types.Select(_ => new int[types.Count]).ToArray();
        for (var i = 0; i < truth.Count; i++) confusion[truth[i]][Best(raw[i])]++;
        var figures = types.Select((type, label) => Figures(type, names[type], label, confusion)).ToList();
        var plain = raw.Select((answer, i) => (Calibration.Apply(answer, 1).Max(), Best(answer) == truth[i])).ToList();
        var answers = raw.Select((answer, i) => (Confidence: Calibration.Apply(answer, temperature).Max(), Right: Best(answer) == truth[i])).ToList();
        var (bins, curve) = (Calibration.BinsOf(answers), Calibration.Curve(answers));
        var proposed = curve.FirstOrDefault(point => point is { Threshold: >= ClassifierCard.LeastThreshold, Coverage: > 0 } && point.Accuracy >= ClassifierCard.WantedAccuracy) ?? new CoveragePoint(1, 0, 0);
        return new ClassifierCard(
            types, figures, confusion, [], truth.Count, 0, answers.Average(answer => answer.Right ? 1.0 : 0), figures.Average(figure => figure.F1), temperature,
            Calibration.ExpectedError(bins), Calibration.ExpectedError(Calibration.BinsOf(plain)), bins, curve, Calibration.AccuracyAt(answers, 0.8), proposed.Threshold, proposed.Coverage,
            new ClassifierSettings(0, 0, 0, 0, 0), [], TextFeatures.Characters, FastText.InstalledVersion() ?? "");
    }

    private static TypeFigures Figures(Guid type, string name, int label, int[][] confusion)
    {
        var right = confusion[label][label];
        var (said, meant) = (confusion.Sum(row => row[label]), confusion[label].Sum());
        var precision = said == 0 ? 0 : (double)right / said;
        var recall = meant == 0 ? 0 : (double)right / meant;
        return new TypeFigures(type, name, meant, precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }

    /// <summary>Each type is spread evenly over the folds, in an order that a fixed seed shuffles.</summary>
    internal static int[] Folds(IReadOnlyList<int> labels, int types, out int count)
    {
        count = labels.Count < 50 ? 3 : 5;
        var folds = new int[labels.Count];
        var random = new Random(ClassifierSettings.Seed);
        for (var type = 0; type < types; type++)
        {
            var members = Enumerable.Range(0, labels.Count).Where(i => labels[i] == type).ToArray();
            random.Shuffle(members);
            for (var i = 0; i < members.Length; i++) folds[members[i]] = i % count;
        }
        return folds;
    }

    internal static int Best(double[] answer) => Array.IndexOf(answer, answer.Max());

    private static ClassifierFaultException Fault(string key, params string[] arguments) => new(new ReadReason(key, arguments), isOfTheMachine: false);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
