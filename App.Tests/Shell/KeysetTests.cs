using System.Linq.Expressions;
using BlazorAdmin.Data;
using BlazorAdmin.Shell.Lists;
using BlazorAdmin.Tests.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorAdmin.Tests.Shell;

public sealed class KeysetTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Keyset<Thing> Order = Keyset<Thing>.Create(thing => thing.Id, "id")
        .By("id", thing => thing.Id)
        .By("name", thing => thing.Name)
        .By("ended", thing => thing.EndedAt)
        .By("note", thing => thing.Note, nullable: true)
        .By("token", thing => thing.Token);

    public async Task InitializeAsync()
    {
        await using var db = Open();
        await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "Things";""");
        await db.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        for (var i = 1; i <= 57; i++)
        {
            // Few names and times: most rows tie, a third has no time at all.
            db.Add(new Thing
            {
                Id = i,
                Name = "n" + i % 4,
                EndedAt = i % 3 == 0 ? null : Start.AddTicks(i % 7 * 10 + 1230),
                Note = i % 5 == 0 ? null : "t" + i % 3,
                Token = Guid.NewGuid(),
            });
        }
        await db.SaveChangesAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("id", false)]
    [InlineData("id", true)]
    [InlineData("name", false)]
    [InlineData("name", true)]
    [InlineData("ended", false)]
    [InlineData("ended", true)]
    [InlineData("note", false)]
    [InlineData("note", true)]
    [InlineData("token", true)]
    public async Task Page_ThereAndBack_ShowsEveryRowOnceInOrder(string sort, bool descending)
    {
        await using var db = Open();
        var query = new ListQuery { Sort = sort, Descending = descending, PageSize = 10 };
        var all = await Order.Ordered(db.Things, query).Select(thing => thing.Id).ToListAsync();

        var forward = new List<long>();
        var page = await Read(db, query);
        page.Previous.ShouldBeNull();
        forward.AddRange(page.Rows);
        while (page.Next is { } next)
        {
            page = await Read(db, query.WithCursor(next));
            forward.AddRange(page.Rows);
        }
        forward.ShouldBe(all);

        var backward = page.Rows.ToList();
        while (page.Previous is { } previous)
        {
            page = await Read(db, query.WithCursor(previous));
            if (page.Previous is null) break;
            backward.InsertRange(0, page.Rows);
        }
        page.Rows.ShouldBe(all.Take(10));
        backward.ShouldBe(all.Skip(all.Count - backward.Count));
        backward.Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task Page_WithAnchor_CountsWhatCameAbove()
    {
        await using var db = Open();
        var query = new ListQuery { Sort = "id", Descending = true, PageSize = 10 };
        var page = await Read(db, query);
        db.AddRange(Enumerable.Range(100, 3).Select(id => new Thing { Id = id, Name = "new", Token = Guid.NewGuid() }));
        await db.SaveChangesAsync();

        var held = await Read(db, query with { Anchor = page.First });

        held.Rows.ShouldBe(page.Rows);
        held.PendingNew.ShouldBe(new ListTotal(3));
        (await Read(db, query)).Rows[0].ShouldBe(102);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("WyIteCIsIm4iLG51bGwsIjEiXQ")]
    [InlineData("!!")]
    public async Task Page_ForeignCursor_ShowsTheFirstPage(string cursor)
    {
        await using var db = Open();
        (await Read(db, new ListQuery { Cursor = cursor, PageSize = 5 })).Rows.ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task CountUpTo_MoreThanTheLimit_SaysSo()
    {
        await using var db = Open();
        (await db.Things.CountUpTo(50)).ShouldBe(new ListTotal(50, More: true));
        (await db.Things.CountUpTo(57)).ShouldBe(new ListTotal(57));
    }

    [Fact]
    public void From_SqlServer_TranslatesToARangeWithNullsLast()
    {
        using var db = new ThingsDb(new DbContextOptionsBuilder().UseSqlServer("Server=none").Options);
        Expression<Func<Thing, DateTimeOffset?>> key = thing => thing.EndedAt;
        Expression<Func<Thing, long>> id = thing => thing.Id;
        var order = new KeysetOrder<Thing>(key, id, nullable: true);
        var rest = db.Things.Where(order.From(Start, 5L, ascending: false, inclusive: false, nullsHigh: false));
        var sql = order.Sort(rest, ascending: false).Select(order.With<string>(thing => thing.Name)).Take(11).ToQueryString();
        sql.ShouldContain("[EndedAt] <= @");
        sql.ShouldContain("[EndedAt] IS NULL");
        sql.ShouldContain("ORDER BY [t].[EndedAt] DESC, [t].[Id] DESC");
    }

    [Fact]
    public void By_TypeWithoutOrder_IsRefused() => Should.Throw<ArgumentException>(() => Keyset<Thing>.Create(thing => thing.Id, "id").By("flag", thing => thing.Id > 3));

    private static Task<ListPage<long>> Read(ThingsDb db, ListQuery query) => Order.Page(db, db.Things.AsNoTracking(), query, thing => thing.Id, default);

    private ThingsDb Open() => new(new DbContextOptionsBuilder().UseServer(TestServer.Provider, fixture.ConnectionString).Options);

    private sealed class ThingsDb(DbContextOptions options) : DbContext(options)
    {
        public DbSet<Thing> Things => Set<Thing>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Thing>().Property(thing => thing.Id).ValueGeneratedNever();
    }

    private sealed class Thing
    {
        public long Id { get; init; }
        public required string Name { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? Note { get; init; }
        public Guid Token { get; init; }
    }
}
