namespace BlazorAdmin.Features.Flags;

/// <summary>What is wrong with one field of a flag; the texts have <c>Issue{Code}</c>, which names field and remedy.</summary>
/// <param name="Field">For instance <c>key</c>, <c>variants.1</c>, <c>rules.0.until</c>; places count from 0.</param>
/// <param name="Arguments">For the text; numbers of rules and prerequisites count from 1.</param>
public sealed record FlagIssue(string Field, string Code, params object[] Arguments);
