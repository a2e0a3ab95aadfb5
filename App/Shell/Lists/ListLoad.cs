namespace BlazorAdmin.Shell.Lists;

/// <summary>Loads one page: the slice's service authorises, filters and sorts in SQL. ForbiddenException shows the forbidden state, any other failure the failed one.</summary>
public delegate Task<ListPage<TRow>> ListLoad<TRow>(ListQuery query, CancellationToken cancellation);
