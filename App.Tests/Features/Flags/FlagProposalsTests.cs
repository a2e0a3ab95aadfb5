using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Security;

namespace BlazorAdmin.Tests.Features.Flags;

/// <summary>Flags whose changes want a second person.</summary>
public sealed class FlagProposalsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly FlagDefinition Marked = FlagDefinition.OnOff with { FourEyes = true };

    [Fact]
    public async Task Change_OfAMarkedFlag_HoldsOnlyOnceSomebodyElseConfirms()
    {
        var (ada, bob) = (await SecondAsync("ada"), await SecondAsync("bob"));
        await using (ada)
        await using (bob)
        {
            var id = await MakeAsync(ada, "four.eyes");
            var wanted = Marked with { Default = "off" };

            (await ada.Get<FlagsService>().SaveAsync(id, 1, new FlagForm(null, wanted, "less"), default)).Outcome.ShouldBe(FlagOutcome.Proposed);

            (await ada.Get<FlagDirectory>().GetAsync(id, default))!.ShouldSatisfyAllConditions(r => r.Version.ShouldBe(1), r => r.Definition!.Default.ShouldBe("on"));
            (await ada.Get<FlagDirectory>().HistoryAsync(id, 10, default)).ShouldHaveSingleItem("what is proposed is no version yet");
            var own = (await ada.Get<FlagProposals>().FindAsync(id, default)).ShouldNotBeNull();
            (own.IsOwn, own.IsStale, own.Note, own.Definition).ShouldBe((true, false, "less", wanted));
            (await ada.Get<FlagProposals>().ConfirmAsync(id, own.At, default)).Outcome.ShouldBe(FlagOutcome.OwnProposal);
            (await bob.Get<FlagsService>().SaveAsync(id, 1, new FlagForm(null, Marked with { Permanent = true }, null), default)).Outcome.ShouldBe(FlagOutcome.ProposalWaits);
            (await bob.Get<FlagProposals>().ConfirmAsync(id, own.At.AddSeconds(-1), default)).Outcome.ShouldBe(FlagOutcome.NoProposal, "another one than was seen");

            (await bob.Get<FlagProposals>().ConfirmAsync(id, own.At, default)).ShouldSatisfyAllConditions(r => r.Outcome.ShouldBe(FlagOutcome.Done), r => r.Version.ShouldBe(2));

            (await bob.Get<FlagDirectory>().GetAsync(id, default))!.Definition!.Default.ShouldBe("off");
            (await bob.Get<FlagDirectory>().HistoryAsync(id, 10, default))[0].ShouldSatisfyAllConditions(v => v.Author.ShouldBe("ada"), v => v.Note.ShouldBe("less"));
            (await bob.Get<FlagProposals>().FindAsync(id, default)).ShouldBeNull();
            var row = await fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.SubjectId == id.ToString() && e.Action == "flags.confirm"));
            (row.ActorId, row.Detail!.Contains(ada.Session.UserId.ToString(), StringComparison.Ordinal)).ShouldBe((bob.Session.UserId, true));
        }
    }

    [Fact]
    public async Task Switch_OfAMarkedFlag_OffAtOnceAndOnByTwo()
    {
        var (ada, bob) = (await SecondAsync("eve"), await SecondAsync("kim"));
        await using (ada)
        await using (bob)
        {
            var id = await MakeAsync(ada, "four.switch");
            (await ada.Get<FlagsService>().SaveAsync(id, 1, new FlagForm(null, Marked with { Permanent = true }, null), default)).Outcome.ShouldBe(FlagOutcome.Proposed);

            (await ada.Get<FlagsService>().SwitchAsync([id], false, "trouble", default)).Changed.ShouldBe([id]);
            var stale = (await bob.Get<FlagProposals>().FindAsync(id, default)).ShouldNotBeNull();
            stale.IsStale.ShouldBeTrue();
            (await bob.Get<FlagProposals>().ConfirmAsync(id, stale.At, default)).Outcome.ShouldBe(FlagOutcome.ProposalStale);

            var on = await ada.Get<FlagsService>().SwitchAsync([id], true, null, default);
            (on.Changed.Count, on.Proposed.Count).ShouldBe((0, 1));
            (await ada.Get<FlagDirectory>().GetAsync(id, default))!.Enabled.ShouldBeFalse();
            (await bob.Get<FlagProposals>().ConfirmAsync(id, (await bob.Get<FlagProposals>().FindAsync(id, default))!.At, default)).Outcome.ShouldBe(FlagOutcome.Done);
            (await ada.Get<FlagDirectory>().GetAsync(id, default))!.Enabled.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Mark_TakenOffArchivedOrRestored_WantsASecondPersonToo()
    {
        var (ada, bob) = (await SecondAsync("lea"), await SecondAsync("max"));
        await using (ada)
        await using (bob)
        {
            var id = await MakeAsync(ada, "four.mark");
            var service = ada.Get<FlagsService>();

            (await service.ArchiveAsync([id], default)).ShouldSatisfyAllConditions(r => r.Changed.ShouldBeEmpty(), r => r.Guarded.ShouldBe(["four.mark"]));
            (await service.SaveAsync(id, 1, new FlagForm("only words", Marked, null), default)).Outcome.ShouldBe(FlagOutcome.Done, "what it gives is the same");
            (await service.SaveAsync(id, 2, new FlagForm("only words", FlagDefinition.OnOff, null), default)).Outcome.ShouldBe(FlagOutcome.Proposed);
            (await bob.Get<FlagProposals>().RejectAsync(id, (await bob.Get<FlagProposals>().FindAsync(id, default))!.At, default)).Outcome.ShouldBe(FlagOutcome.Done);
            (await service.RollbackAsync(id, FlagVersion.Proposed, 2, null, default)).Outcome.ShouldBe(FlagOutcome.NotFound);
            (await service.SaveAsync(id, 2, new FlagForm("only words", FlagDefinition.OnOff, null), default)).Outcome.ShouldBe(FlagOutcome.Proposed);
            (await bob.Get<FlagProposals>().ConfirmAsync(id, (await bob.Get<FlagProposals>().FindAsync(id, default))!.At, default)).Outcome.ShouldBe(FlagOutcome.Done);
            (await service.RollbackAsync(id, 1, 3, null, default)).Outcome.ShouldBe(FlagOutcome.Done, "it is not marked any more");
        }
    }

    [Fact]
    public async Task Proposals_WithoutThePermission_AreRefused()
    {
        await fixture.AddUserAsync("reader@four.example.org", Roles.Auditor);
        await using var reader = await fixture.ActAsAsync("reader@four.example.org");

        await Should.ThrowAsync<ForbiddenException>(() => reader.Get<FlagProposals>().ConfirmAsync(Guid.NewGuid(), default, default));
        await Should.ThrowAsync<ForbiddenException>(() => reader.Get<FlagProposals>().RejectAsync(Guid.NewGuid(), default, default));
        (await reader.Get<FlagProposals>().FindAsync(Guid.NewGuid(), default)).ShouldBeNull();
    }

    private async Task<ActingScope> SecondAsync(string name)
    {
        await fixture.AddUserAsync($"{name}@four.example.org", Roles.Administrator);
        return await fixture.ActAsAsync($"{name}@four.example.org");
    }

    private static async Task<Guid> MakeAsync(ActingScope scope, string key) => (await scope.Get<FlagsService>().CreateAsync(key, true, new FlagForm(null, Marked, null), default)).Id!.Value;
}
