namespace BlazorAdmin.Features.Documents.Classification;

/// <summary>Confidences that mean what they say. Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017.</summary>
public static class Calibration
{
    private const int Bins = 10;
    private const double Tiny = 1e-9;

    /// <summary>Probabilities to the power 1/temperature, made to sum up to 1 again.</summary>
    public static double[] Apply(IReadOnlyList<double> probabilities, double temperature)
    {
        var logs = probabilities.Select(p => Math.Log(Math.Max(p, Tiny)) / temperature).ToArray();
        var largest = logs.Max();
        var powers = logs.Select(log => Math.Exp(log - largest)).ToArray();
        var sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }

    /// <summary>
    /// The temperature with the least mean cross-entropy with the truth, by golden-section search between 0.1 and 10. Of n answers the truth counts
    /// (n + 1)/(n + 2), the other labels share the rest (J. Platt, "Probabilistic outputs for support vector machines", 1999): a few answers that
    /// happen to be all right make nobody certain.
    /// </summary>
    /// <param name="truth">Index of the right answer of each.</param>
    public static double Fit(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> truth)
    {
        if (probabilities.Count == 0) return 1;
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(0.1), Math.Log(10));
        for (var step = 0; step < 40; step++)
        {
            var (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
            if (Loss(probabilities, truth, Math.Exp(left)) <= Loss(probabilities, truth, Math.Exp(right))) high = right;
            else low = left;
        }
        return Math.Exp((low + high) / 2);
    }

    /// <summary>Answers in ten bins of confidence; empty bins are there too.</summary>
    public static IReadOnlyList<ReliabilityBin> BinsOf(IReadOnlyList<(double Confidence, bool Right)> answers)
    {
        var groups = answers.ToLookup(answer => Math.Clamp((int)(answer.Confidence * Bins), 0, Bins - 1));
        return [.. Enumerable.Range(0, Bins).Select(bin =>
        {
            var inside = groups[bin].ToList();
            return new ReliabilityBin((double)bin / Bins, (bin + 1.0) / Bins, inside.Count, inside.Count == 0 ? 0 : inside.Average(a => a.Confidence), inside.Count == 0 ? 0 : inside.Average(a => a.Right ? 1.0 : 0));
        })];
    }

    /// <summary>Mean distance of confidence and accuracy over the bins, weighted by their answers: 0 is perfect.</summary>
    public static double ExpectedError(IReadOnlyList<ReliabilityBin> bins)
    {
        var all = bins.Sum(bin => bin.Count);
        return all == 0 ? 0 : bins.Sum(bin => bin.Count * Math.Abs(bin.Confidence - bin.Accuracy)) / all;
    }

    /// <summary>Coverage and accuracy at 101 thresholds from 0 to 1.</summary>
    public static IReadOnlyList<CoveragePoint> Curve(IReadOnlyList<(double Confidence, bool Right)> answers) =>
        [.. Enumerable.Range(0, 101).Select(percent =>
        {
            var threshold = percent / 100.0;
            var sure = answers.Where(answer => answer.Confidence >= threshold).ToList();
            return new CoveragePoint(threshold, answers.Count == 0 ? 0 : (double)sure.Count / answers.Count, sure.Count == 0 ? 0 : sure.Average(a => a.Right ? 1.0 : 0));
        })];

    /// <summary>Share of right answers among the most confident <paramref name="coverage"/> of all.</summary>
    public static double AccuracyAt(IReadOnlyList<(double Confidence, bool Right)> answers, double coverage)
    {
        var most = answers.OrderByDescending(answer => answer.Confidence).Take((int)Math.Ceiling(answers.Count * coverage)).ToList();
        return most.Count == 0 ? 0 : most.Average(a => a.Right ? 1.0 : 0);
    }

    /// <summary>Mean cross-entropy of the calibrated answers with the truth.</summary>
    internal static double Loss(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> truth, double temperature)
    {
        var doubt = 1.0 / (probabilities.Count + 2);
        return Enumerable.Range(0, probabilities.Count).Average(i =>
        {
            var logs = Apply(probabilities[i], temperature).Select(p => -Math.Log(Math.Max(p, Tiny))).ToArray();
            return logs.Length < 2 ? logs[0] : (1 - doubt) * logs[truth[i]] + doubt * (logs.Sum() - logs[truth[i]]) / (logs.Length - 1);
        });
    }
}
