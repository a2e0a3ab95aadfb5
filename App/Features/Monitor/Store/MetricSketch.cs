namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>
/// Distribution of numbers, immutable: counts of buckets whose bounds grow by the same factor, so that every quantile is within
/// 1 % of the true one, and merging two is the same as having counted both (C. Masson, J. Rim, H. Lee, "DDSketch", VLDB 2019).
/// Negative numbers have mirrored buckets; what is nearer to zero than 1e-9 counts as zero. Buckets are never joined, so the bound
/// holds over the whole range of a 32-bit number.
/// </summary>
public sealed class MetricSketch
{
    /// <summary>Largest relative error of a quantile.</summary>
    public const double Accuracy = 0.01;

    /// <summary>Highest code of a bucket; the lowest is its negative, 0 is zero.</summary>
    internal const int MostCode = 5_475;

    private const double Smallest = 1e-9;
    private static readonly double Gamma = (1 + Accuracy) / (1 - Accuracy);
    private static readonly double LogGamma = Math.Log(Gamma);
    private static readonly int First = (int)Math.Ceiling(Math.Log(Smallest) / LogGamma);

    private readonly int[] _codes;
    private readonly int[] _counts;

    /// <param name="codes">Of the buckets that are not empty, ascending, which is also the order of their numbers.</param>
    internal MetricSketch(int[] codes, int[] counts) => (_codes, _counts) = (codes, counts);

    public static MetricSketch Empty { get; } = new([], []);

    internal ReadOnlySpan<int> Codes => _codes;

    internal ReadOnlySpan<int> Counts => _counts;

    /// <summary>Codes ascending and how many numbers each has; not to be changed.</summary>
    internal (int[] Codes, int[] Counts) Buckets => (_codes, _counts);

    public long Count
    {
        get
        {
            long count = 0;
            foreach (var one in _counts) count += one;
            return count;
        }
    }

    /// <summary>Sketch of the finite numbers among <paramref name="values"/>.</summary>
    public static MetricSketch Of(ReadOnlySpan<float> values)
    {
        var all = new int[values.Length];
        var used = 0;
        foreach (var value in values)
            if (float.IsFinite(value)) all[used++] = Code(value);
        return OfCodes(all.AsSpan(0, used));
    }

    internal static MetricSketch OfCodes(Span<int> all)
    {
        if (all.IsEmpty) return Empty;
        all.Sort();
        var distinct = 1;
        for (var i = 1; i < all.Length; i++)
            if (all[i] != all[i - 1]) distinct++;
        var (codes, counts) = (new int[distinct], new int[distinct]);
        var at = -1;
        for (var i = 0; i < all.Length; i++)
        {
            if (i == 0 || all[i] != all[i - 1]) codes[++at] = all[i];
            counts[at]++;
        }
        return new MetricSketch(codes, counts);
    }

    /// <summary>Bucket of a finite number.</summary>
    internal static int Code(double value)
    {
        var size = Math.Abs(value);
        if (size < Smallest) return 0;
        var code = Math.Clamp((int)Math.Ceiling(Math.Log(size) / LogGamma) - First + 1, 1, MostCode);
        return value < 0 ? -code : code;
    }

    /// <summary>The number that stands for a bucket: at most 1 % from every number in it.</summary>
    internal static double Value(int code)
    {
        if (code == 0) return 0;
        var size = 2 * Math.Pow(Gamma, Math.Abs(code) + First - 1) / (Gamma + 1);
        return code < 0 ? -size : size;
    }
}
