using System.Reflection;
using FastEndpoints;
using PledgeTracker.Http;

namespace PledgeTracker.UnitTests.Http;

/// <summary>FastEndpoints serves the operations that it is told of, and checks requests with the rules that it is told of: what is left out is silently not there.</summary>
public sealed class OperationsTests
{
    private static readonly List<Type> Operations = Concrete(typeof(Endpoint<,>));

    // Those that FastEndpoints runs; what they call for a part of a request is a plain validator.
    private static readonly List<Type> Rules = Concrete(typeof(Validator<>));

    [Fact]
    public void Every_operation_stands_in_the_table_of_contents_exactly_once_and_nothing_else_does() => Assert.Equal(Names(Operations), Names(Endpoints.All.Concat(Endpoints.Pages).Concat(Endpoints.Dialects)));

    [Fact]
    public void Every_rule_stands_in_an_operation_and_is_registered_with_it()
    {
        Assert.All(Rules, rules => Assert.Contains(rules.DeclaringType, Operations));
        Assert.Equal(Names(Operations.Concat(Rules)), Names(Endpoints.WithRules));
    }

    [Fact]
    public void Every_request_with_members_has_rules_in_its_operation_and_a_document_that_is_patched_has_them_somewhere()
    {
        foreach (var operation in Operations)
        {
            var request = RequestOf(operation);
            var other = request.GetProperty("Shape", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as Type;
            var shape = other ?? request;
            var hasMembers = Binding.PropertiesOf(shape).Any(p => !p.IsDefined(typeof(RouteParamAttribute)));
            Assert.True(!hasMembers || Rules.Any(rules => ShapeOf(rules) == shape && (other is not null || rules.DeclaringType == operation)), $"{operation.Name}: nothing checks {shape}.");
        }
    }

    [Fact]
    public void Rules_depend_on_nothing_and_no_two_check_the_same_shape()
    {
        // With a dependency they would be given that of another server in the process.
        Assert.All(Rules, rules => Assert.NotNull(rules.GetConstructor(Type.EmptyTypes)));
        Assert.Equal(Rules.Count, Rules.Select(ShapeOf).Distinct().Count());
    }

    private static List<Type> Concrete(Type kind) => [.. typeof(Endpoints).Assembly.GetTypes().Where(t => !t.IsAbstract && As(kind, t) is not null)];

    private static IEnumerable<string> Names(IEnumerable<Type> types) => types.Select(t => t.FullName!).Order(StringComparer.Ordinal);

    private static Type ShapeOf(Type rules) => As(typeof(Validator<>), rules)!.GenericTypeArguments[0];

    private static Type RequestOf(Type operation) => As(typeof(Endpoint<,>), operation)!.GenericTypeArguments[0];

    /// <summary>The generic base as which a type was made; null where it has no such base.</summary>
    private static Type? As(Type generic, Type? type) =>
        type is null ? null : type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type : As(generic, type.BaseType);
}
