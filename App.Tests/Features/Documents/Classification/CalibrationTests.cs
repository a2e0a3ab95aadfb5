using BlazorAdmin.Features.Documents.Classification;

namespace BlazorAdmin.Tests.Features.Documents.Classification;

public sealed class CalibrationTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Fit_AnswersSharpenedByAKnownTemperature_FindsIt(double temperature)
    {
        var random = new Random(5);
        var (answers, truth) = (new List<double[]>(), new List<int>());
        for (var i = 0; i < 4_000; i++)
        {
            // The truth is drawn from the honest probabilities; the model says them to the power of the temperature.
            var first = 0.05 + 0.9 * random.NextDouble();
            double[] honest = [first, (1 - first) * 0.7, (1 - first) * 0.3];
            var drawn = random.NextDouble();
            truth.Add(drawn < honest[0] ? 0 : drawn < honest[0] + honest[1] ? 1 : 2);
            answers.Add(Calibration.Apply(honest, 1 / temperature));
        }

        Calibration.Fit(answers, truth).ShouldBe(temperature, temperature * 0.1);
    }

    [Fact]
    public void ExpectedError_OfHonestAnswers_IsSmallAndOfBoastingLarge()
    {
        var honest = Enumerable.Range(0, 1_000).Select(i => (0.75, i % 4 != 0)).ToList();
        var boasting = honest.Select(answer => (0.99, answer.Item2)).ToList();

        Calibration.ExpectedError(Calibration.BinsOf(honest)).ShouldBe(0, 1e-9);
        Calibration.ExpectedError(Calibration.BinsOf(boasting)).ShouldBe(0.24, 1e-9);
    }

    [Fact]
    public void Curve_HigherThreshold_AnswersLess()
    {
        List<(double, bool)> answers = [(0.2, false), (0.5, false), (0.6, true), (0.9, true)];

        var curve = Calibration.Curve(answers);

        (curve[0].Coverage, curve[0].Accuracy).ShouldBe((1, 0.5));
        (curve[55].Coverage, curve[55].Accuracy).ShouldBe((0.5, 1));
        (curve[95].Coverage, curve[95].Accuracy).ShouldBe((0, 0));
        Calibration.AccuracyAt(answers, 0.5).ShouldBe(1);
    }

    [Fact]
    public void Describe_Answers_GivesConfusionFiguresAndThreshold()
    {
        Guid[] types = [Guid.NewGuid(), Guid.NewGuid()];
        var names = new Dictionary<Guid, string> { [types[0]] = "A", [types[1]] = "B" };
        int[] truth = [0, 0, 0, 1, 1, 1];
        double[][] answers = [[0.9, 0.1], [0.8, 0.2], [0.45, 0.55], [0.1, 0.9], [0.2, 0.8], [0.1, 0.9]];

        var card = ClassifierTrainer.Describe(types, names, truth, answers);

        card.Confusion[0].ShouldBe([2, 1]);
        card.Confusion[1].ShouldBe([0, 3]);
        card.Accuracy.ShouldBe(5 / 6.0, 1e-9);
        (card.Types[0].Precision, card.Types[0].Recall).ShouldBe((1, 2 / 3.0));
        card.MacroF1.ShouldBe((0.8 + 6 / 7.0) / 2, 1e-9);
        card.ProposedCoverage.ShouldBe(5 / 6.0, 1e-9);
        ClassifierCard.Read(card.Write())!.Confusion[0].ShouldBe([2, 1]);
    }

    [Fact]
    public void Folds_SpreadEachTypeEvenly()
    {
        int[] labels = [.. Enumerable.Repeat(0, 40), .. Enumerable.Repeat(1, 20)];

        var folds = ClassifierTrainer.Folds(labels, 2, out var count);

        count.ShouldBe(5);
        for (var fold = 0; fold < count; fold++)
        {
            Enumerable.Range(0, 60).Count(i => folds[i] == fold && labels[i] == 0).ShouldBe(8);
            Enumerable.Range(0, 60).Count(i => folds[i] == fold && labels[i] == 1).ShouldBe(4);
        }
    }

    [Theory]
    [InlineData("__label__t0 Hello, WORLD", "label t0 hello world")]
    [InlineData("Rechnung Nr. 4711 über 12,50 €", "rechnung nr 0000 über 00 00 €")]
    [InlineData(" \t\n", "")]
    public void Words_OfText_AreLowerCaseWithoutMarks(string text, string expected) =>
        string.Join(' ', TextFeatures.Words(text)).ShouldBe(expected);

    [Fact]
    public void Line_OfWords_CannotBeTakenForALabel() =>
        TextFeatures.Line(TextFeatures.Words("__label__0 __label__1 x")).ShouldNotContain("__label__");
}
