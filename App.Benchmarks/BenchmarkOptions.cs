using System.Globalization;

namespace BlazorAdmin.Benchmarks;

/// <summary>The command line: the group, and where the figures are written as JSON lines.</summary>
/// <param name="Only">Beginning of the names that are wanted, for instance <c>portal.circuit</c>; null: all.</param>
/// <param name="Rows">Rows of the largest table of a group, where it has one.</param>
/// <param name="Problem">What is wrong with it, if anything.</param>
internal sealed record BenchmarkOptions(string? Group, string? JsonFile, string? Only, int Rows, string? Problem)
{
    private const int UsualRows = 10_000_000;

    public static BenchmarkOptions Parse(string[] args)
    {
        string? group = null, file = null, only = null;
        var rows = UsualRows;
        for (var index = 0; index < args.Length; index++)
        {
            switch (args[index])
            {
                case "--json" when index + 1 < args.Length:
                    file = args[++index];
                    break;
                case "--only" when index + 1 < args.Length:
                    only = args[++index];
                    break;
                case "--rows" when index + 1 < args.Length && int.TryParse(args[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out rows) && rows > 0:
                    index++;
                    break;
                case ['-', ..]:
                    return new BenchmarkOptions(group, file, only, rows, $"{args[index]} is unknown or lacks its value.");
                case var name when group is null:
                    group = name;
                    break;
                default:
                    return new BenchmarkOptions(group, file, only, rows, $"One group at a time, not {group} and {args[index]}.");
            }
        }

        return new BenchmarkOptions(group, file, only, rows, group is null ? "Which group?" : null);
    }
}
