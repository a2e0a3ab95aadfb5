using BlazorAdmin.Benchmarks.Circuits;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>One click on a page, from the message that carries it to the render batch that answers it.</summary>
internal sealed record ClickScript(string Path, Func<PageDocument, PageNode?> Target, Func<PageDocument, string?> Outcome)
{
    public bool IsReady(PageDocument document) => Target(document) is not null && Outcome(document) is not null;
}
