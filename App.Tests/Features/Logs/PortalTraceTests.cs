using BlazorAdmin.Data;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Logs;

public sealed class PortalTraceTests
{
    [PostgresFact]
    public async Task Request_InARealPortal_IsKeptWithItsStatements()
    {
        await using var portal = await RunningPortal.StartAsync("--Logs:TraceShare=1", "--Logs:MostSpansPerSecond=10000");
        using var client = new PortalClient(portal.Address);
        using (await client.GetAsync("/setup"))
        {
            var databases = portal.Services.GetRequiredService<IDbContextFactory<AppDbContext>>();
            var root = await Eventually.Yields(async () =>
            {
                await using var db = await databases.CreateDbContextAsync();
                return await db.Set<TraceSpan>().AsNoTracking().FirstOrDefaultAsync(s => s.Source == "Microsoft.AspNetCore" && s.Name.Contains("/setup"));
            }, because: "the request is kept");

            root.ParentId.ShouldBeNull();
            root.Name.ShouldBe("GET /setup");
            root.Tags.ShouldNotBeNull().ShouldContain("\"http.response.status_code\":\"200\"");
            await using var read = await databases.CreateDbContextAsync();
            (await read.Set<TraceSpan>().Where(s => s.TraceId == root.TraceId && s.Source == "Npgsql").Select(s => s.Name).ToListAsync()).ShouldContain(name => name.StartsWith("SELECT", StringComparison.Ordinal));
        }
    }
}
