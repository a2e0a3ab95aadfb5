namespace BlazorAdmin.Features.Jobs;

/// <summary>Why a run ended, in the words that stand in its attempt.</summary>
internal static class JobReasons
{
    public const string Cancelled = "Cancelled by a person.";
    public const string GivenUp = "Given up by a person: it ignored that it was told to stop.";
    public const string ShutDown = "The node shut down; the job was handed back.";

    public static string Lost(string? restartedNode) =>
        restartedNode is null ? "The node stopped answering while the job ran." : "The node was started anew while the job ran.";

    public static string UnknownType(string type, TimeSpan waited) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"No running node has known the type {type} for {waited.TotalHours:0.##} hours. Start a node that knows it and run the job again, or discard it.");

    public static string TimedOut(int seconds) => $"It ran longer than {seconds} seconds.";

    /// <summary>Message and type of <paramref name="exception"/> and of what caused it, without the stack.</summary>
    public static string Of(Exception exception)
    {
        var parts = new List<string>();
        for (var cause = exception; cause is not null; cause = cause.InnerException) parts.Add($"{cause.GetType().Name}: {cause.Message}");
        return string.Join(Environment.NewLine, parts);
    }
}
