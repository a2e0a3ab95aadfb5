using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="ExitCode">128 + n after signal n; -1 when the tool did not start.</param>
/// <param name="Errors">Standard error, at most 64 KB.</param>
public sealed record ToolResult(ToolEnd End, int ExitCode, byte[] Output, string Errors, TimeSpan Duration)
{
    public bool Succeeded => End == ToolEnd.Exited && ExitCode == 0;

    /// <summary>Standard output as UTF-8; invalid bytes become U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Output);
}
