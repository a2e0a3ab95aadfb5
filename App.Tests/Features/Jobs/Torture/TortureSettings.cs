using System.Globalization;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>How long the torture lasts: a short form by default, a long one with TORTURE_ROUNDS; TORTURE_SEED repeats a run.</summary>
internal static class TortureSettings
{
    private const int ShortRounds = 10;

    /// <summary>Random kills in all; everything else grows with it.</summary>
    public static int Rounds { get; } = Read("TORTURE_ROUNDS") ?? ShortRounds;

    public static bool IsLong => Rounds > ShortRounds;

    /// <summary>The given seed, or a new one.</summary>
    public static int NewSeed() => Read("TORTURE_SEED") ?? Random.Shared.Next(1, int.MaxValue);

    /// <summary>As many seeds as the form asks for, or the given one alone.</summary>
    public static IReadOnlyList<int> Seeds(int inShortForm) =>
        Read("TORTURE_SEED") is { } given ? [given] : [.. Enumerable.Range(0, IsLong ? inShortForm * Rounds / ShortRounds : inShortForm).Select(_ => Random.Shared.Next(1, int.MaxValue))];

    private static int? Read(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
