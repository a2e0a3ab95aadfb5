using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Shell.Controls;

/// <summary>One line of a DefinitionList: a term with a text or a fragment.</summary>
public sealed record Fact(string Term, string? Text = null, RenderFragment? Value = null);
