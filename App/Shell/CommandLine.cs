namespace BlazorAdmin.Shell;

/// <summary>A verb of the program, for instance <c>BlazorAdmin admin link</c>, registered by the slice that owns it.</summary>
public interface ICommandLineVerb
{
    /// <summary>The words that call it, for instance <c>admin link</c>.</summary>
    string Name { get; }

    /// <summary>One line for the help.</summary>
    string Summary { get; }

    /// <returns>The exit code.</returns>
    Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation);
}

public static class CommandLine
{
    /// <summary>True if the arguments begin with a verb rather than with options.</summary>
    public static bool NamesVerb(string[] args) => args is [var first, ..] && !first.StartsWith('-');

    /// <summary>Runs the verb that <paramref name="args"/> begin with; null if they name none and the portal should serve.</summary>
    public static async Task<int?> TryRunAsync(WebApplication app, string[] args)
    {
        var words = args.TakeWhile(a => !a.StartsWith('-')).ToList();
        if (words.Count == 0) return null;
        await using var scope = app.Services.CreateAsyncScope();
        var verbs = scope.ServiceProvider.GetServices<ICommandLineVerb>().ToList();
        var typed = string.Join(' ', words);
        if (verbs.Find(v => typed == v.Name || typed.StartsWith(v.Name + " ", StringComparison.Ordinal)) is { } verb)
            return await verb.RunAsync([.. args.Skip(verb.Name.Split(' ').Length)], app.Lifetime.ApplicationStopping);
        await Console.Error.WriteLineAsync($"There is no command '{typed}'. Commands:");
        foreach (var known in verbs.OrderBy(v => v.Name, StringComparer.Ordinal)) await Console.Error.WriteLineAsync($"  {known.Name,-16} {known.Summary}");
        return 2;
    }
}
