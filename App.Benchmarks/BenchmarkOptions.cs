namespace BlazorAdmin.Benchmarks;

/// <summary>The command line: the group, and where the figures are written as JSON lines.</summary>
/// <param name="Problem">What is wrong with it, if anything.</param>
internal sealed record BenchmarkOptions(string? Group, string? JsonFile, string? Problem)
{
    public static BenchmarkOptions Parse(string[] args)
    {
        string? group = null, file = null;
        for (var index = 0; index < args.Length; index++)
        {
            switch (args[index])
            {
                case "--json" when index + 1 < args.Length:
                    file = args[++index];
                    break;
                case ['-', ..]:
                    return new BenchmarkOptions(group, file, $"{args[index]} is unknown or lacks its value.");
                case var name when group is null:
                    group = name;
                    break;
                default:
                    return new BenchmarkOptions(group, file, $"One group at a time, not {group} and {args[index]}.");
            }
        }

        return new BenchmarkOptions(group, file, group is null ? "Which group?" : null);
    }
}
