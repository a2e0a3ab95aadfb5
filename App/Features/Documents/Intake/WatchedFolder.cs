namespace BlazorAdmin.Features.Documents.Intake;

public enum AfterTaking
{
    /// <summary>The file stays where it is.</summary>
    Keep,

    /// <summary>The file is moved into the folder "done" inside the watched one.</summary>
    Move,
}

/// <summary>A folder of the server whose files are taken in. It stands in the server's configuration only.</summary>
public sealed class WatchedFolder
{
    /// <summary>Short name that people see, unique among the folders.</summary>
    public string Name { get; set; } = "";

    /// <summary>Absolute path on the server.</summary>
    public string Path { get; set; } = "";

    /// <summary>Name of the collection that the documents go into; empty: none.</summary>
    public string Collection { get; set; } = "";

    /// <summary>E-mail address of the account that the documents belong to.</summary>
    public string Owner { get; set; } = "";

    public AfterTaking AfterTaking { get; set; }

    /// <summary>Which files, with * and ?; several separated by semicolons. Matched against the name without its folder.</summary>
    public string Patterns { get; set; } = "*";

    /// <summary>Whether folders inside are looked at as well.</summary>
    public bool Recursive { get; set; } = true;
}
