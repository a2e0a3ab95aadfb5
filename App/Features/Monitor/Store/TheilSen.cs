namespace BlazorAdmin.Features.Monitor.Store;

/// <summary>Slope of a line through points as the median of the slopes of all pairs (P. K. Sen, JASA 63, 1968): outliers do not move it.</summary>
internal static class TheilSen
{
    /// <summary>Points that <see cref="Slope"/> is meant for at most: 20,000 pairs.</summary>
    public const int MostPoints = 200;

    /// <summary>Fewer points say nothing.</summary>
    public const int FewestPoints = 8;

    /// <returns>Change of y for each unit of x; null with fewer than <see cref="FewestPoints"/> points.</returns>
    public static double? Slope(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < FewestPoints) return null;
        var slopes = new List<double>(points.Count * (points.Count - 1) / 2);
        for (var i = 0; i < points.Count; i++)
            for (var j = i + 1; j < points.Count; j++)
                if (points[j].X != points[i].X) slopes.Add((points[j].Y - points[i].Y) / (points[j].X - points[i].X));
        if (slopes.Count == 0) return null;
        slopes.Sort();
        var middle = slopes.Count / 2;
        return slopes.Count % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
    }
}
