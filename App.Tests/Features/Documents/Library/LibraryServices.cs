using BlazorAdmin.Features.Documents.Editing;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Documents.Library;

internal static class LibraryServices
{
    /// <summary>What lists and pages of documents inject, as this person.</summary>
    public static IServiceCollection AddLibrary(this IServiceCollection services, Person person, DocumentsBench bench) => services
        .AddSingleton(bench.CollectionsTopic).AddSingleton(bench.AccessTopic).AddSingleton(person.Editing).AddSingleton(person.Collections).AddSingleton(person.Tags).AddSingleton(person.Bin)
        .AddSingleton(person.Preview).AddSingleton(person.History).AddSingleton(person.Choices(bench)).AddScoped<LibraryCommands>();
}
