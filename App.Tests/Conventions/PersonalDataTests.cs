using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Account.PersonalData;
using BlazorAdmin.Features.Checklist;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Live;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Conventions;

/// <summary>Whatever leads to a person is given out with their data and forgotten with their account.</summary>
public sealed partial class PersonalDataTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly Dictionary<Type, string> LeadToNobody = new()
    {
        [typeof(ChecklistMark)] = "an id that leads to nobody once the account is gone; the mark belongs to the portal",
        [typeof(NodeMessage)] = "the sender is a node",
        [typeof(UserImport)] = "an id that leads to nobody once the account is gone",
    };

    [Fact]
    public async Task Entities_WithAColumnOfAPerson_BelongToAPart()
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        var covered = scope.ServiceProvider.GetServices<IPersonalData>().SelectMany(p => p.Entities).ToList();
        covered.ShouldBe(covered.Distinct(), "each entity belongs to one part");
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        var personal = db.Model.GetEntityTypes()
            .Where(e => e.ClrType.Namespace?.StartsWith("BlazorAdmin", StringComparison.Ordinal) == true || e.ClrType.Name.StartsWith("IdentityUser", StringComparison.Ordinal))
            .Where(e => e.GetProperties().Any(p => (Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType) == typeof(Guid) && Person().IsMatch(p.Name)))
            .Select(e => e.ClrType).ToList();

        personal.Count.ShouldBeGreaterThan(20);
        personal.Except(covered).Except(LeadToNobody.Keys).Select(t => t.Name).ShouldBeEmpty("these lead to a person: add them to the IPersonalData of their slice, or say here why not");
        LeadToNobody.Keys.Except(personal).ShouldBeEmpty("these lead to nobody any more");
    }

    [GeneratedRegex("^(UserId|OwnerId|Sender|SenderId|ActorId|ImpersonatorId|PersonId|[A-Za-z]+ById|[A-Za-z]+By)$")]
    private static partial Regex Person();
}
