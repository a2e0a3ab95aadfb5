using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>What an extraction works on. The record of the step names the pages; their text is kept with the document.</summary>
/// <param name="Judged">Mentions that people confirmed, rejected or added, at their place in these pages.</param>
public sealed record ExtractInput([property: JsonIgnore] IReadOnlyList<EntityPage> Pages, IReadOnlyList<OwnRule> Rules, IReadOnlyList<JudgedEntity> Judged)
{
    public int PageCount => Pages.Count;

    public long Characters => Pages.Sum(page => (long)page.Text.Length);
}

/// <param name="IsOne">False: a person rejected it.</param>
public sealed record JudgedEntity(FoundEntity Entity, bool IsOne);
