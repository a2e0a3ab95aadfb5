namespace BlazorAdmin.Data.Embedded;

/// <summary>The embedded database cannot run; the message is one line that says why and what to do.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
