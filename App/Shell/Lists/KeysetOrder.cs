using System.Linq.Expressions;
using System.Reflection;

namespace BlazorAdmin.Shell.Lists;

/// <summary>One order of a keyset: builds the sort and the "from here on" condition as expressions that EF translates.</summary>
internal sealed class KeysetOrder<T>(LambdaExpression key, LambdaExpression id, bool nullable)
{
    private static readonly MethodInfo StringCompare = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;

    private bool KeyIsId => key.Body.ToString() == id.Body.ToString();

    public IOrderedQueryable<T> Sort(IQueryable<T> source, bool ascending)
    {
        var sorted = Call(source, ascending ? nameof(Queryable.OrderBy) : nameof(Queryable.OrderByDescending), key);
        return KeyIsId ? sorted : Call(sorted, ascending ? nameof(Queryable.ThenBy) : nameof(Queryable.ThenByDescending), id);
    }

    public Expression<Func<T, KeysetRow<TRow>>> With<TRow>(Expression<Func<T, TRow>> row)
    {
        var x = row.Parameters[0];
        var body = Expression.MemberInit(Expression.New(typeof(KeysetRow<TRow>)),
            Expression.Bind(typeof(KeysetRow<TRow>).GetProperty(nameof(KeysetRow<>.Key))!, Expression.Convert(On(key, x), typeof(object))),
            Expression.Bind(typeof(KeysetRow<TRow>).GetProperty(nameof(KeysetRow<>.Id))!, Expression.Convert(On(id, x), typeof(object))),
            Expression.Bind(typeof(KeysetRow<TRow>).GetProperty(nameof(KeysetRow<>.Row))!, row.Body));
        return Expression.Lambda<Func<T, KeysetRow<TRow>>>(body, x);
    }

    /// <summary>Rows after the place in the given direction. The shape <c>key >= v and (key > v or id > i)</c> gives an index a range to start from; plain <c>or</c> does not.</summary>
    public Expression<Func<T, bool>> From(object? keyValue, object idValue, bool ascending, bool inclusive, bool nullsHigh)
    {
        var x = Expression.Parameter(typeof(T), "x");
        var idAfter = Compare(On(id, x), Slot(idValue, id.ReturnType), ascending, inclusive);
        if (KeyIsId) return Expression.Lambda<Func<T, bool>>(idAfter, x);

        var column = On(key, x);
        var nullsFollow = nullable && ascending == nullsHigh;
        Expression after;
        if (keyValue is null)
        {
            after = Expression.AndAlso(Expression.Equal(column, Expression.Constant(null, column.Type)), idAfter);
            if (!nullsFollow) after = Expression.OrElse(after, Expression.NotEqual(column, Expression.Constant(null, column.Type)));
        }
        else
        {
            var value = Slot(keyValue, key.ReturnType);
            after = Expression.AndAlso(Compare(column, value, ascending, orEqual: true), Expression.OrElse(Compare(column, value, ascending, orEqual: false), idAfter));
            if (nullsFollow) after = Expression.OrElse(after, Expression.Equal(column, Expression.Constant(null, column.Type)));
        }
        return Expression.Lambda<Func<T, bool>>(after, x);
    }

    public bool TryRead(KeysetCursor cursor, out object? keyValue, out object idValue)
    {
        idValue = "";
        if (!KeysetValue.TryRead(cursor.Key, key.ReturnType, out keyValue) || (keyValue is null && !nullable)) return false;
        if (!KeysetValue.TryRead(cursor.Id, id.ReturnType, out var read) || read is null) return false;
        idValue = read;
        return true;
    }

    private static Expression Compare(Expression left, Expression right, bool ascending, bool orEqual)
    {
        if (left.Type == typeof(string))
        {
            left = Expression.Call(StringCompare, left, right);
            right = Expression.Constant(0);
        }
        return (ascending, orEqual) switch
        {
            (true, true) => Expression.GreaterThanOrEqual(left, right),
            (true, false) => Expression.GreaterThan(left, right),
            (false, true) => Expression.LessThanOrEqual(left, right),
            (false, false) => Expression.LessThan(left, right),
        };
    }

    // A member of a captured object, not a constant: EF makes it a parameter, so that every page shares one plan.
    private static MemberExpression Slot(object value, Type type)
    {
        var slot = Activator.CreateInstance(typeof(Captured<>).MakeGenericType(type), value)!;
        return Expression.Field(Expression.Constant(slot), nameof(Captured<>.Value));
    }

    private static Expression On(LambdaExpression lambda, ParameterExpression x) => new Rebind(lambda.Parameters[0], x).Visit(lambda.Body);

    private static IOrderedQueryable<T> Call(IQueryable<T> source, string method, LambdaExpression by) => (IOrderedQueryable<T>)source.Provider.CreateQuery<T>(
        Expression.Call(typeof(Queryable), method, [typeof(T), by.ReturnType], source.Expression, Expression.Quote(by)));

    private sealed class Rebind(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}

file sealed class Captured<TValue>(TValue value)
{
    public readonly TValue Value = value;
}
