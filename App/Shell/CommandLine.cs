namespace BlazorAdmin.Shell;

/// <summary>A verb of the program, for instance <c>BlazorAdmin admin link</c>, registered by the slice that owns it with <see cref="Portal.Verb{TVerb}"/>.</summary>
public interface ICommandLineVerb
{
    /// <returns>The exit code.</returns>
    Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation);
}

/// <summary>What is known of a verb before any service or database exists.</summary>
/// <param name="Name">The words that call it, for instance <c>admin link</c>.</param>
/// <param name="Summary">One line for the help.</param>
/// <param name="Type">The <see cref="ICommandLineVerb"/>.</param>
public sealed record CommandLineVerb(string Name, string Summary, Type Type)
{
    internal bool IsCalledBy(string typed) => typed == Name || typed.StartsWith(Name + " ", StringComparison.Ordinal);
}

public static class CommandLine
{
    /// <summary>True if the arguments begin with a verb rather than with options.</summary>
    public static bool NamesVerb(string[] args) => args is [var first, ..] && !first.StartsWith('-');

    /// <summary>
    /// What of the arguments is for the configuration. Behind a verb that is what looks like a setting: the configuration would take
    /// any other word behind <c>--</c> or <c>/</c>, also a path, for the name of a value, and swallow the word that follows.
    /// </summary>
    public static string[] SettingsOf(string[] args)
    {
        if (!NamesVerb(args)) return args;
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
            if (args[i].StartsWith("--", StringComparison.Ordinal) && args[i].Contains('=', StringComparison.Ordinal)) settings.Add(args[i]);
            else if (IsSetting(args[i]) && i + 1 < args.Length) settings.AddRange(args[i], args[++i]);
        return [.. settings];
    }

    /// <summary>Whether an option of the command line is a setting: a section with a colon, a name with a capital letter, or an address to listen on.</summary>
    public static bool IsSetting(string option) =>
        option is "--urls" or "--environment" || (option.StartsWith("--", StringComparison.Ordinal) && (option.Contains(':', StringComparison.Ordinal) || (option.Length > 2 && char.IsAsciiLetterUpper(option[2]))));

    /// <summary>True if <paramref name="args"/> begin with words that are no verb; then <paramref name="output"/> names those there are.</summary>
    public static bool Refuses(string[] args, IReadOnlyList<CommandLineVerb> verbs, TextWriter output)
    {
        if (!NamesVerb(args) || Find(args, verbs) is not null) return false;
        output.WriteLine($"There is no command '{Typed(args)}'. Commands:");
        foreach (var known in verbs.OrderBy(v => v.Name, StringComparer.Ordinal)) output.WriteLine($"  {known.Name,-16} {known.Summary}");
        return true;
    }

    /// <summary>Runs the verb that <paramref name="args"/> begin with; null if they name none and the portal should serve.</summary>
    public static async Task<int?> TryRunAsync(WebApplication app, string[] args, IReadOnlyList<CommandLineVerb> verbs)
    {
        if (Find(args, verbs) is not { } verb) return null;
        await using var scope = app.Services.CreateAsyncScope();
        var command = (ICommandLineVerb)scope.ServiceProvider.GetRequiredService(verb.Type);
        return await command.RunAsync([.. args.Skip(verb.Name.Split(' ').Length)], app.Lifetime.ApplicationStopping);
    }

    private static CommandLineVerb? Find(string[] args, IReadOnlyList<CommandLineVerb> verbs) => verbs.FirstOrDefault(verb => verb.IsCalledBy(Typed(args)));

    private static string Typed(string[] args) => string.Join(' ', args.TakeWhile(a => !a.StartsWith('-')));
}
