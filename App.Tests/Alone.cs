namespace BlazorAdmin.Tests;

/// <summary>
/// Tests of what the whole process or machine does: they run one at a time after the others, so that nobody else's work
/// stands in their figures.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
