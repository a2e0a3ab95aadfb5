namespace BlazorAdmin.Features.Documents.Reading;

/// <param name="Pages">All pages in order; those listed in <paramref name="Unread"/> are still without text.</param>
/// <param name="Unread">Numbers of pages that need character recognition.</param>
/// <param name="Engine">Tool that made it.</param>
public sealed record Conversion(IReadOnlyList<PageText> Pages, IReadOnlyList<int> Unread, string Engine);
