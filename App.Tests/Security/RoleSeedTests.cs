using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Security;

public sealed class RoleSeedTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly Permission Read = new("things.read", [Roles.Editor, Roles.Auditor]);

    [Fact]
    public async Task Seed_PermissionTakenAway_StaysAwayAndNewOnesArrive()
    {
        await Seed(Read);
        (await PermissionsOf(Roles.Editor)).ShouldBe(["things.read"]);
        (await PermissionsOf(Roles.Administrator)).ShouldBe(["things.read"]);
        (await PermissionsOf(Roles.Member)).ShouldBeEmpty();
        await using (var db = Database().CreateDbContext())
        {
            using (AuditScope.EngineOwn())
            {
                db.Remove(await db.Set<RolePermission>().SingleAsync(p => db.Roles.Any(r => r.Id == p.RoleId && r.Name == Roles.Editor)));
                await db.SaveChangesAsync();
            }
        }

        await Seed(Read, new Permission("things.manage", [Roles.Editor]));

        (await PermissionsOf(Roles.Editor)).ShouldBe(["things.manage"]);
        (await PermissionsOf(Roles.Administrator)).ShouldBe(["things.manage", "things.read"]);
    }

    private async Task Seed(params Permission[] permissions)
    {
        await using var db = Database().CreateDbContext();
        await new RoleSeed(new PermissionCatalog(permissions), TimeProvider.System).SeedAsync(db, CancellationToken.None);
    }

    private async Task<List<string>> PermissionsOf(string role)
    {
        await using var db = Database().CreateDbContext();
        return await db.Set<RolePermission>().Where(p => db.Roles.Any(r => r.Id == p.RoleId && r.Name == role)).Select(p => p.Permission).Order().ToListAsync();
    }

    private TestDatabases Database() => new(fixture.ConnectionString);
}
