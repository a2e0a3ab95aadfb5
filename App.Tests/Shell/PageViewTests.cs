using System.Security.Claims;
using BlazorAdmin.Shell;
using Bunit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using RouteData = Microsoft.AspNetCore.Components.RouteData;

namespace BlazorAdmin.Tests.Shell;

/// <summary>A page that is open stays while rights are read again, and goes when they are gone.</summary>
public sealed class PageViewTests : IDisposable
{
    private readonly ShellContext _context = new();
    private readonly Rights _rights = new();

    public PageViewTests()
    {
        _context.Services.AddAuthorizationCore(options => options.AddPolicy("may", policy => policy.AddRequirements(new Right())));
        // In place of the test library's, which only answer what a test tells them.
        _context.Services.AddTransient<IAuthorizationService, DefaultAuthorizationService>();
        _context.Services.AddTransient<IAuthorizationPolicyProvider, DefaultAuthorizationPolicyProvider>();
        _context.Services.AddSingleton<IAuthorizationHandler>(_rights);
    }

    [Fact]
    public void Page_WhileRightsAreReadAgain_IsTheSamePage()
    {
        _rights.Answer = Task.FromResult(true);
        var view = Render();
        var page = view.FindComponent<OpenPage>().Instance;

        var answer = new TaskCompletionSource<bool>();
        _rights.Answer = answer.Task;
        Ask(view);
        view.FindComponent<OpenPage>().Instance.ShouldBeSameAs(page);
        answer.SetResult(true);
        view.WaitForState(() => _rights.Answered == 2);
        view.FindComponent<OpenPage>().Instance.ShouldBeSameAs(page);
        page.Disposed.ShouldBeFalse();
    }

    [Fact]
    public void Page_WhenTheRightIsGone_GivesWayToTheRefusal()
    {
        _rights.Answer = Task.FromResult(true);
        var view = Render();
        _rights.Answer = Task.FromResult(false);
        Ask(view);
        view.WaitForAssertion(() => view.Markup.ShouldContain("refused"));
        view.FindComponents<OpenPage>().ShouldBeEmpty();
    }

    [Fact]
    public void Page_OnlyItsQueryChanges_IsNeitherAskedNorDrawnAnew()
    {
        _rights.Answer = Task.FromResult(true);
        var view = Render().FindComponent<PageView>();
        var drawn = view.FindComponent<OpenPage>().RenderCount;

        view.Render(p => p.Add(v => v.Route, Route()));

        _rights.Answered.ShouldBe(1);
        view.FindComponent<OpenPage>().RenderCount.ShouldBe(drawn);
    }

    [Fact]
    public void Page_OtherValuesInItsRoute_IsDrawnAnew()
    {
        _rights.Answer = Task.FromResult(true);
        var view = Render().FindComponent<PageView>();
        var drawn = view.FindComponent<OpenPage>().RenderCount;

        view.Render(p => p.Add(v => v.Route, Route(("Id", 7))));

        view.WaitForState(() => _rights.Answered == 2);
        view.WaitForState(() => view.FindComponent<OpenPage>().RenderCount > drawn);
    }

    [Fact]
    public void Page_BeforeTheFirstAnswer_IsNotDrawn()
    {
        var answer = new TaskCompletionSource<bool>();
        _rights.Answer = answer.Task;
        var view = Render();
        view.FindComponents<OpenPage>().ShouldBeEmpty();
        answer.SetResult(false);
        view.WaitForAssertion(() => view.Markup.ShouldContain("refused"));
    }

    public void Dispose() => _context.Dispose();

    private static Task<AuthenticationState> Person() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity("test"))));

    private static RouteData Route(params (string Name, object? Value)[] values) => new(typeof(OpenPage), values.ToDictionary(v => v.Name, v => v.Value));

    // A new task is how a circuit hears that rights changed.
    private static void Ask(IRenderedComponent<CascadingValue<Task<AuthenticationState>>> view) => view.Render(ForPerson);

    private IRenderedComponent<CascadingValue<Task<AuthenticationState>>> Render() => _context.Render<CascadingValue<Task<AuthenticationState>>>(ForPerson);

    private static void ForPerson(ComponentParameterCollectionBuilder<CascadingValue<Task<AuthenticationState>>> parameters) => parameters
        .Add(v => v.Value, Person())
        .AddChildContent<PageView>(page => page
            .Add(v => v.Route, Route())
            .Add(v => v.Layout, typeof(PlainLayout))
            .Add(v => v.Refused, "refused"));

    private sealed record Right : IAuthorizationRequirement;

    private sealed class Rights : AuthorizationHandler<Right>
    {
        public Task<bool> Answer { get; set; } = Task.FromResult(false);

        public int Answered { get; private set; }

        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, Right requirement)
        {
            if (await Answer) context.Succeed(requirement);
            Answered++;
        }
    }

    private sealed class PlainLayout : LayoutComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Body);
    }

    [Authorize(Policy = "may")]
    private sealed class OpenPage : ComponentBase, IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;

        [Parameter]
        public int Id { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, "<h1>open</h1>");
    }
}
