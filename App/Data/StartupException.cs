namespace BlazorAdmin.Data;

/// <summary>The portal cannot start; the message is one line for the operator and says what to do.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
