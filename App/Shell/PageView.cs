using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;
using RouteData = Microsoft.AspNetCore.Components.RouteData;

namespace BlazorAdmin.Shell;

/// <summary>
/// Draws the page of a route for whoever may see it. The framework's AuthorizeRouteView takes the open page away while it asks
/// for rights, with every search, open menu and half-typed field in it; here the page stays until there is an answer.
/// </summary>
public sealed class PageView : ComponentBase
{
    private RouteData? _shown;
    private bool _refused;
    private int _question;

    [Parameter, EditorRequired] public required RouteData Route { get; set; }

    [Parameter, EditorRequired] public required Type Layout { get; set; }

    /// <summary>Stands in the layout in place of a page that the person may not see.</summary>
    [Parameter, EditorRequired] public required RenderFragment Refused { get; set; }

    // A new task means that rights changed: the framework sets the parameters again.
    [CascadingParameter] private Task<AuthenticationState> Person { get; set; } = null!;

    [Inject] private IAuthorizationPolicyProvider Policies { get; init; } = null!;

    [Inject] private IAuthorizationService Authorization { get; init; } = null!;

    public override Task SetParametersAsync(ParameterView parameters)
    {
        var (route, person) = (Route, Person);
        parameters.SetParameterProperties(this);
        // The same page with another query: who needs the query hears of it from the navigation; drawing the whole page anew would show the same.
        var same = _shown is not null && !_refused && person == Person && route.PageType == Route.PageType && SameValues(route, Route);
        return same ? Task.CompletedTask : base.SetParametersAsync(ParameterView.Empty);
    }

    private static bool SameValues(RouteData left, RouteData right) =>
        left.RouteValues.Count == right.RouteValues.Count && left.RouteValues.All(value => right.RouteValues.TryGetValue(value.Key, out var other) && Equals(value.Value, other));

    protected override async Task OnParametersSetAsync()
    {
        var question = ++_question;
        var route = Route;
        if (_shown?.PageType == route.PageType) _shown = route;
        var allowed = await AllowsAsync(route.PageType);
        if (question != _question) return;
        (_shown, _refused) = (route, !allowed);
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (_shown is null) return;
        if (_refused)
        {
            builder.OpenComponent<LayoutView>(0);
            builder.AddComponentParameter(1, nameof(LayoutView.Layout), Layout);
            builder.AddComponentParameter(2, nameof(LayoutView.ChildContent), Refused);
            builder.CloseComponent();
        }
        else
        {
            builder.OpenComponent<RouteView>(3);
            builder.AddComponentParameter(4, nameof(RouteView.RouteData), _shown);
            builder.AddComponentParameter(5, nameof(RouteView.DefaultLayout), Layout);
            builder.CloseComponent();
        }
        // Only with the page itself there is a heading that can take the focus.
        builder.OpenComponent<FocusOnNavigate>(6);
        builder.AddComponentParameter(7, nameof(FocusOnNavigate.RouteData), _shown);
        builder.AddComponentParameter(8, nameof(FocusOnNavigate.Selector), "h1");
        builder.CloseComponent();
    }

    private async Task<bool> AllowsAsync(Type page)
    {
        if (page.IsDefined(typeof(AllowAnonymousAttribute), inherit: true)) return true;
        var policy = await AuthorizationPolicy.CombineAsync(Policies, page.GetCustomAttributes<AuthorizeAttribute>(inherit: true)) ?? await Policies.GetFallbackPolicyAsync();
        return policy is null || (await Authorization.AuthorizeAsync((await Person).User, policy)).Succeeded;
    }
}
