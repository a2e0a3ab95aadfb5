namespace BlazorAdmin.Shell.Lists;

/// <summary>A row with the key and id that place it.</summary>
internal sealed class KeysetRow<TRow>
{
    public object? Key { get; init; }

    public required object Id { get; init; }

    public required TRow Row { get; init; }
}
