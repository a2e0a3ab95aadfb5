namespace BlazorAdmin.Shell;

/// <summary>One hit of the command palette.</summary>
/// <param name="Kind">What it is: <c>User</c>, <c>Job</c>, <c>Document</c>; the shell's texts have <c>Kind...</c> for it.</param>
public sealed record SearchHit(string Kind, string Title, string? Detail, string Url, string Icon);

/// <summary>Finds a slice's things by a few typed letters; returns only what the caller may see.</summary>
public interface ISearchProvider
{
    /// <returns>At most <paramref name="limit"/> hits, best first.</returns>
    Task<IReadOnlyList<SearchHit>> SearchAsync(string text, int limit, CancellationToken cancellation);
}
