namespace BlazorAdmin.Shell.Errors;

/// <summary>Style sheets of <see cref="StatusPage"/>, by their plain names: the page must not depend on the component that knows fingerprints.</summary>
public sealed class StatusPageAssets(IWebHostEnvironment environment)
{
    private static readonly string[] Sheets = ["css/tokens.css", "css/base.css", "css/controls.css", "css/status.css"];

    public string Links { get; } = string.Join('\n', Sheets.Where(s => environment.WebRootFileProvider.GetFileInfo(s).Exists).Select(s => $"<link rel=\"stylesheet\" href=\"/{s}\">"));
}
